package main

import (
	"fmt"
	"os"

	"example.com/starts/internal/web"
)

func main() {
	page, err := os.ReadFile("web/templates/index.html")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	web.Serve(":8080", web.Metrics+string(page))
}
