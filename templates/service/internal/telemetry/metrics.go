// Package telemetry is what people see of this service: metrics with exemplars, logs with trace ids, traces.
package telemetry

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/trace"
)

// Metrics counts requests and their durations.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

// Buckets hold 0.5 s, so that a limit of 500 ms is exact.
var buckets = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

// NewMetrics makes the metrics with every series that an alert asks for at 0 from the start: the first error of a series that appears with it
// would be invisible to rate().
func NewMetrics(handlers ...string) *Metrics {
	labels := []string{"code", "method", "handler"}
	metrics := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "http_requests_total", Help: "Requests by status code."}, labels),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "http_request_duration_seconds", Help: "Time to answer.", Buckets: buckets}, labels),
	}
	metrics.registry.MustRegister(metrics.requests, metrics.duration, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, handler := range handlers {
		for _, code := range []string{"200", "404", "500"} {
			metrics.requests.WithLabelValues(code, http.MethodGet, handler)
			metrics.duration.WithLabelValues(code, http.MethodGet, handler)
		}
	}
	return metrics
}

// Handler serves the metrics, in OpenMetrics for those who ask, since only that carries exemplars.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{EnableOpenMetrics: true})
}

// Observe counts one answered request; a sampled trace becomes its exemplar.
func (m *Metrics) Observe(span trace.SpanContext, handler, method string, code int, took time.Duration) {
	labels := []string{strconv.Itoa(code), knownMethod(method), handler}
	counter, histogram := m.requests.WithLabelValues(labels...), m.duration.WithLabelValues(labels...)
	if !span.IsSampled() {
		counter.Inc()
		histogram.Observe(took.Seconds())
		return
	}
	exemplar := prometheus.Labels{"trace_id": span.TraceID().String()}
	counter.(prometheus.ExemplarAdder).AddWithExemplar(1, exemplar)
	histogram.(prometheus.ExemplarObserver).ObserveWithExemplar(took.Seconds(), exemplar)
}

// knownMethod keeps strangers from making series.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	default:
		return "other"
	}
}
