// Imports a version of x/net/html with a known vulnerability, and calls none of its vulnerable functions.
package main

import (
	"net/http"

	"golang.org/x/net/html"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(html.EscapeString(r.URL.Path)))
	})
	_ = http.ListenAndServe(":8080", nil)
}
