// Package server implements the HTTP handlers.
package server

import (
	"encoding/json"
	"net/http"
	"sync/atomic"
	"time"

	"example.com/hello/internal/fault"
	"example.com/hello/internal/telemetry"
	"example.com/hello/internal/version"
)

// Server is the service without its listener.
type Server struct {
	telemetry.Observer
	Fault fault.Plan
	// These count the requests of this pod.
	errors, delays fault.Sampler
	leaving        atomic.Bool
}

// Leave makes the readiness probe fail. The server still responds to requests.
func (s *Server) Leave() { s.leaving.Store(true) }

// Routes returns the handler of all paths. Probes and metrics are not observed: they would dilute the metrics that a canary is judged by.
func (s *Server) Routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", s.observed("greet", http.HandlerFunc(s.greet)))
	mux.Handle("/", s.observed("other", http.NotFoundHandler()))
	mux.Handle("GET /metrics", s.Metrics.Handler())
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /readyz", s.ready)
	return mux
}

func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	if s.leaving.Load() || s.Fault.NeverReady {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
	}
}

func (s *Server) greet(w http.ResponseWriter, r *http.Request) {
	if s.delays.Sample(s.Fault.DelayRate) {
		select {
		case <-time.After(time.Duration(s.Fault.Delay)):
		case <-r.Context().Done():
		}
	}
	if s.errors.Sample(s.Fault.ErrorRate) {
		http.Error(w, "failed on purpose", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"greeting": "hello", "version": version.Current()})
}

// observed also adds the version to the response, from which the load generator of the lab reads it.
func (s *Server) observed(name string, next http.Handler) http.Handler {
	return s.Wrap(name, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Version", version.Current())
		next.ServeHTTP(w, r)
	}))
}
