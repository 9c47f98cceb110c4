// Package server answers requests.
package server

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"__MODULE__/internal/telemetry"
	"__MODULE__/internal/version"
)

// Handlers are the names by which requests are counted. Each is at 0 in the metrics from the start; add yours here.
var Handlers = []string{"greet", "other"}

// Server is the service without its socket.
type Server struct {
	Log     *slog.Logger
	Metrics *telemetry.Metrics
	Tracing telemetry.Tracing
	leaving atomic.Bool
}

// Leave makes the service say that it is not ready, while it goes on answering.
func (s *Server) Leave() { s.leaving.Store(true) }

// Routes: requests of users are observed; probes and metrics are not, so that they do not dilute what a canary is judged by.
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
	if s.leaving.Load() {
		http.Error(w, "leaving", http.StatusServiceUnavailable)
	}
}

func (s *Server) greet(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"service": "__SERVICE__", "version": version.Current()})
}

// observed counts, times, traces and, where it failed, logs a request. A handler that panics is a failure like any other, not a lost connection.
func (s *Server) observed(handler string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		ctx := s.Tracing.Propagator.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx, span := s.Tracing.Tracer.Start(ctx, handler, trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		recorder := &recorder{ResponseWriter: w, code: http.StatusOK}
		func() {
			defer func() {
				if failure := recover(); failure != nil {
					s.Log.ErrorContext(ctx, "handler panicked", "handler", handler, "panic", failure)
					http.Error(recorder, "internal error", http.StatusInternalServerError)
				}
			}()
			next.ServeHTTP(recorder, r.WithContext(ctx))
		}()
		took := time.Since(started)
		s.Metrics.Observe(span.SpanContext(), handler, r.Method, recorder.code, took)
		if recorder.code >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, http.StatusText(recorder.code))
			s.Log.ErrorContext(ctx, "request failed", "handler", handler, "code", recorder.code, "seconds", took.Seconds())
		}
	})
}

// recorder remembers the status code.
type recorder struct {
	http.ResponseWriter
	code int
}

func (r *recorder) WriteHeader(code int) {
	r.code = code
	r.ResponseWriter.WriteHeader(code)
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
