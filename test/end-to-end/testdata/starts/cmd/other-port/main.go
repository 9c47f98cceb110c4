package main

import "example.com/starts/internal/web"

func main() { web.Serve(":9999", web.Metrics) }
