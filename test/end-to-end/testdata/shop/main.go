// Answers every question alike. Without net/http, whose cryptography takes longer to compile than all the rest of a test.
package main

import (
	"fmt"
	"net"
)

const answer = "one"

func main() {
	listener, err := net.Listen("tcp", ":8080")
	if err != nil {
		panic(err)
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			continue
		}
		fmt.Fprintf(connection, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(answer), answer)
		connection.Close()
	}
}
