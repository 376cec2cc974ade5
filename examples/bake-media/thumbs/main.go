// Thumbs draws a small square in the colour that a name gives.
package main

import (
	"hash/fnv"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"log"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		sum := fnv.New32a()
		sum.Write([]byte(r.URL.Path))
		n := sum.Sum32()
		square := image.NewRGBA(image.Rect(0, 0, 64, 64))
		fill := color.RGBA{R: uint8(n), G: uint8(n >> 8), B: uint8(n >> 16), A: 255}
		draw.Draw(square, square.Bounds(), image.NewUniform(fill), image.Point{}, draw.Src)
		w.Header().Set("Content-Type", "image/png")
		if err := png.Encode(w, square); err != nil {
			log.Print(err)
		}
	})
	log.Fatal(http.ListenAndServe(":9000", nil))
}
