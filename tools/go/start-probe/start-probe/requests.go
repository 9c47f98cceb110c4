package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// A second is the default of Kubernetes; twice that, because a build machine is busy.
	probeTimeout   = 2 * time.Second
	requestTimeout = 10 * time.Second
	maxBody        = 8 << 20
)

var probeHeaders = map[string]string{"User-Agent": "kube-probe/1.34"}

// Answer is the response to one request.
type Answer struct {
	Port   int    `json:"port"`
	Path   string `json:"path"`
	Status int    `json:"status,omitempty"`
	// Error says why there is no response.
	Error string `json:"error,omitempty"`
	body  string
	kind  string
}

// isHealthy is how the kubelet judges a probe: 200 to 399.
func (a *Answer) isHealthy() bool { return a != nil && a.Status >= 200 && a.Status < 400 }

// Connections are not kept: an open one would delay the shutdown of the program. No proxy: the program is on this machine.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func get(target Target, timeout time.Duration, headers map[string]string) *Answer {
	answer := &Answer{Port: target.Port, Path: target.Path}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d%s", target.Port, target.Path), nil)
	if err != nil {
		answer.Error = err.Error()
		return answer
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := client.Do(request)
	if err != nil {
		answer.Error = reasonOf(err)
		return answer
	}
	defer response.Body.Close()
	answer.Status, answer.kind = response.StatusCode, response.Header.Get("Content-Type")
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err != nil {
		answer.Error = reasonOf(err)
	}
	answer.body = string(body)
	return answer
}

// reasonOf leaves out the address, which the report has already, and port numbers of the connection, which differ from run to run.
func reasonOf(err error) string {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	switch text := err.Error(); {
	case errors.Is(err, context.DeadlineExceeded):
		return "no response in time"
	case strings.Contains(text, "connection refused"):
		return "connection refused"
	case strings.Contains(text, "connection reset"):
		return "connection reset"
	default:
		return text
	}
}
