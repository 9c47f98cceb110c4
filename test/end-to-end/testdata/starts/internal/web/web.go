// Package web answers requests without net/http, whose cryptography takes longer to compile than all the rest of a test.
package web

import (
	"bufio"
	"fmt"
	"net"
	"strings"
)

// Metrics are those that the catalog expects of a service.
const Metrics = `# TYPE http_requests_total counter
http_requests_total{code="200"} 1
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="+Inf"} 1
http_request_duration_seconds_sum 0.1
http_request_duration_seconds_count 1
`

// Serve answers every path with 200, and /metrics with the given text.
func Serve(address, metrics string) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		panic(err)
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			continue
		}
		go answer(connection, metrics)
	}
}

func answer(connection net.Conn, metrics string) {
	defer connection.Close()
	reader := bufio.NewReader(connection)
	request, _ := reader.ReadString('\n')
	for line := request; strings.TrimSpace(line) != ""; {
		line, _ = reader.ReadString('\n')
	}
	body := "ok\n"
	if strings.HasPrefix(request, "GET /metrics ") {
		body = metrics
	}
	fmt.Fprintf(connection, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}
