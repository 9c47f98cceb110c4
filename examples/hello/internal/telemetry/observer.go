package telemetry

import (
	"log/slog"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Observer counts, times and traces requests, and logs those that fail.
type Observer struct {
	Log     *slog.Logger
	Metrics *Metrics
	Tracing Tracing
}

// Wrap observes the requests to a handler under the given name. A panic in the handler counts as a failed request and does not close the
// connection.
func (o Observer) Wrap(name string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		ctx := o.Tracing.Propagator.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx, span := o.Tracing.Tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		recorder := &recorder{ResponseWriter: w, code: http.StatusOK}
		func() {
			defer func() {
				if failure := recover(); failure != nil {
					o.Log.ErrorContext(ctx, "handler panicked", "handler", name, "panic", failure)
					http.Error(recorder, "internal error", http.StatusInternalServerError)
				}
			}()
			next.ServeHTTP(recorder, r.WithContext(ctx))
		}()
		took := time.Since(started)
		o.Metrics.Observe(span.SpanContext(), name, r.Method, recorder.code, took)
		if recorder.code >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, http.StatusText(recorder.code))
			o.Log.ErrorContext(ctx, "request failed", "handler", name, "code", recorder.code, "seconds", took.Seconds())
		}
	})
}

// recorder records the status code of a response.
type recorder struct {
	http.ResponseWriter
	code int
}

func (r *recorder) WriteHeader(code int) {
	r.code = code
	r.ResponseWriter.WriteHeader(code)
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
