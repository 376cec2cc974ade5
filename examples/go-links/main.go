// A page of short links: /NAME goes to the address that links.txt gives that name.
package main

import (
	"html/template"
	"log"
	"net/http"
)

func main() {
	links, err := readLinks("links.txt")
	if err != nil {
		log.Fatal(err)
	}
	page := template.Must(template.ParseGlob("templates/*.html"))

	http.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte("ok\n"))
	})
	http.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		if err := page.ExecuteTemplate(w, "index.html", links); err != nil {
			log.Print(err)
		}
	})
	http.HandleFunc("GET /{name}", func(w http.ResponseWriter, r *http.Request) {
		target, ok := links[r.PathValue("name")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		http.Redirect(w, r, target, http.StatusFound)
	})

	log.Print("links on :8080")
	log.Fatal(http.ListenAndServe(":8080", nil))
}
