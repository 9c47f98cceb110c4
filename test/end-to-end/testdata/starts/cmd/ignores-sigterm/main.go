package main

import (
	"os/signal"
	"syscall"

	"example.com/starts/internal/web"
)

func main() {
	signal.Ignore(syscall.SIGTERM)
	web.Serve(":8080", web.Metrics)
}
