// Package telemetry provides metrics with exemplars, logs with trace IDs, and traces.
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

// buckets contain 0.5 s, so that the metrics are exact for an objective of 500 ms.
var buckets = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

// NewMetrics creates the metrics with every series that an alert queries at 0. If a series started with the first error, rate() would not count
// that error.
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

// Handler serves the metrics. It supports OpenMetrics, since only OpenMetrics has exemplars.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{EnableOpenMetrics: true})
}

// Observe counts one request. If its trace is sampled, the trace ID becomes the exemplar.
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

// knownMethod limits the number of series: clients can send any method.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	default:
		return "other"
	}
}
