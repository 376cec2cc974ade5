// Gateway passes each request on to the service that its first folder names.
package main

import (
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
)

func main() {
	for _, name := range []string{"BASKET", "PRICES", "STOCK", "REVIEWS", "TAX", "MAIL"} {
		target, err := url.Parse(os.Getenv(name))
		if err != nil {
			log.Fatal(err)
		}
		prefix := "/" + strings.ToLower(name)
		http.Handle(prefix+"/", http.StripPrefix(prefix, httputil.NewSingleHostReverseProxy(target)))
	}
	log.Fatal(http.ListenAndServe(":8000", nil))
}
