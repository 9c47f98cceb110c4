package main

import (
	"os"

	"example.com/starts/internal/web"
)

func main() {
	_ = os.WriteFile("/tmp/scratch", []byte("x"), 0o600)
	web.Serve(":"+os.Getenv("PORT"), web.Metrics)
}
