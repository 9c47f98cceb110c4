package main

import (
	"strings"

	"example.com/starts/internal/web"
)

func main() { web.Serve(":8080", strings.ReplaceAll(web.Metrics, "code=", "status=")) }
