package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"__MODULE__/internal/telemetry"
)

func TestRunServesUntilStopped(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	listener.Close()
	settings := map[string]string{"PORT": fmt.Sprint(port), "SHUTDOWN_DELAY": "10ms"}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, telemetry.NewLogger(&bytes.Buffer{}), func(name string) string { return settings[name] })
	}()
	url := fmt.Sprintf("http://127.0.0.1:%d/readyz", port)
	for deadline := time.Now().Add(5 * time.Second); ; {
		response, err := http.Get(url)
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("not ready after 5 s: %v", err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("run did not return within 5 s")
	}
}

func TestRunRejectsAnInvalidShutdownDelay(t *testing.T) {
	if err := run(context.Background(), telemetry.NewLogger(&bytes.Buffer{}), func(string) string { return "soon" }); err == nil {
		t.Fatal("accepted the shutdown delay \"soon\"")
	}
}
