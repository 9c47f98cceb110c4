// Package server answers requests.
package server

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"example.com/hello/internal/fault"
	"example.com/hello/internal/telemetry"
	"example.com/hello/internal/version"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Server is the service without its socket.
type Server struct {
	Log     *slog.Logger
	Metrics *telemetry.Metrics
	Tracing telemetry.Tracing
	Fault   fault.Plan
	// Each counts the requests of this pod.
	errors, delays fault.Beat
	leaving        atomic.Bool
}

// Leave makes the service say that it is not ready, while it goes on answering.
func (s *Server) Leave() { s.leaving.Store(true) }

// Routes: the greeting is observed; probes and metrics are not, so that they do not dilute what a canary is judged by.
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
	if s.delays.Falls(s.Fault.DelayRate) {
		select {
		case <-time.After(time.Duration(s.Fault.Delay)):
		case <-r.Context().Done():
		}
	}
	if s.errors.Falls(s.Fault.ErrorRate) {
		http.Error(w, "failed on purpose", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"greeting": "hello", "version": version.Current()})
}

func (s *Server) observed(handler string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		ctx := s.Tracing.Propagator.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx, span := s.Tracing.Tracer.Start(ctx, handler, trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		w.Header().Set("X-Version", version.Current())
		recorder := &recorder{ResponseWriter: w, code: http.StatusOK}
		next.ServeHTTP(recorder, r.WithContext(ctx))
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
