// Parses what it is sent with a version of x/net/html that is known to be slow on crafted input (CVE-2024-45338).
package main

import (
	"net/http"

	"golang.org/x/net/html"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if _, err := html.Parse(r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
	_ = http.ListenAndServe(":8080", nil)
}
