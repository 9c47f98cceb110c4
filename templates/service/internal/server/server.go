// Package server implements the HTTP handlers.
package server

import (
	"encoding/json"
	"net/http"
	"sync/atomic"

	"__MODULE__/internal/telemetry"
	"__MODULE__/internal/version"
)

// Handlers are the handler names in the metrics. Their series are 0 from the start. Add the names of your handlers.
var Handlers = []string{"greet", "other"}

// Server is the service without its listener.
type Server struct {
	telemetry.Observer
	leaving atomic.Bool
}

// Leave makes the readiness probe fail. The server still responds to requests.
func (s *Server) Leave() { s.leaving.Store(true) }

// Routes returns the handler of all paths. Probes and metrics are not observed: they would dilute the metrics that a canary is judged by.
func (s *Server) Routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", s.Wrap("greet", http.HandlerFunc(s.greet)))
	mux.Handle("/", s.Wrap("other", http.NotFoundHandler()))
	mux.Handle("GET /metrics", s.Metrics.Handler())
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /readyz", s.ready)
	return mux
}

func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	if s.leaving.Load() {
		http.Error(w, "leaving", http.StatusServiceUnavailable)
	}
}

func (s *Server) greet(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"service": "__SERVICE__", "version": version.Current()})
}
