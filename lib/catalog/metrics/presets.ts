import type { StatusKind } from './outcomes';

/** The names that an instrumentation library gives its metrics. */
export interface MetricsPreset {
  /** The library, as `explain` and the documentation name it. */
  readonly library: string;
  /** Counter of requests. @default the count of the histogram */
  readonly requests?: string;
  /** Histogram of durations, without the suffixes `_bucket`, `_count` and `_sum`. */
  readonly duration: string;
  /** Label of the counter that contains the status code. */
  readonly status: string;
  readonly statusKind: StatusKind;
}

/** Each preset has the default names of its library, read in the source that its comment names. */
export const metricsPresets = {
  // prometheus/client_golang: the names that its examples, promhttp's documentation and most Go services use.
  client_golang: {
    library: 'prometheus/client_golang, with the usual names',
    requests: 'http_requests_total',
    duration: 'http_request_duration_seconds',
    status: 'code',
    statusKind: 'http',
  },
  // Semantic conventions for HTTP servers, http.server.request.duration, with the names that Prometheus gives them.
  opentelemetry: {
    library: 'OpenTelemetry, semantic conventions for HTTP servers',
    duration: 'http_server_request_duration_seconds',
    status: 'http_response_status_code',
    statusKind: 'http',
  },
  // labstack/echo-contrib v0.50.1, echoprometheus/prometheus.go: subsystem echo.
  echo: {
    library: 'labstack/echo-contrib, echoprometheus',
    requests: 'echo_requests_total',
    duration: 'echo_request_duration_seconds',
    status: 'code',
    statusKind: 'http',
  },
  // zsais/go-gin-prometheus v1.0.2, middleware.go: subsystem gin. Before v1.0.0, the duration is a summary, which has no quantile over several pods.
  gin: {
    library: 'zsais/go-gin-prometheus with the subsystem gin',
    requests: 'gin_requests_total',
    duration: 'gin_request_duration_seconds',
    status: 'code',
    statusKind: 'http',
  },
  // penglongli/gin-metrics, ginmetrics/middleware.go. gin_request_total has no label for the status; the duration is in seconds.
  'gin-metrics': {
    library: 'penglongli/gin-metrics',
    requests: 'gin_uri_request_total',
    duration: 'gin_request_duration',
    status: 'code',
    statusKind: 'http',
  },
  // go-chi/metrics v0.1.1, collector.go.
  chi: {
    library: 'go-chi/metrics',
    requests: 'http_requests_total',
    duration: 'http_request_duration_seconds',
    status: 'status',
    statusKind: 'http',
  },
  // ansrivas/fiberprometheus v2.16.0, middleware.go: namespace http.
  fiber: {
    library: 'ansrivas/fiberprometheus',
    requests: 'http_requests_total',
    duration: 'http_request_duration_seconds',
    status: 'status_code',
    statusKind: 'http',
  },
  // slok/go-http-metrics v0.13.0, metrics/prometheus/prometheus.go: a histogram without a counter.
  'go-http-metrics': {
    library: 'slok/go-http-metrics',
    duration: 'http_request_duration_seconds',
    status: 'code',
    statusKind: 'http',
  },
  // stefanprodan/podinfo, pkg/api/http/metrics.go.
  podinfo: {
    library: 'stefanprodan/podinfo',
    requests: 'http_requests_total',
    duration: 'http_request_duration_seconds',
    status: 'status',
    statusKind: 'http',
  },
  // grpc-ecosystem/go-grpc-middleware, providers/prometheus v1.1.1, server_metrics.go. The histogram needs WithServerHandlingTimeHistogram.
  grpc: {
    library: 'grpc-ecosystem/go-grpc-middleware, providers/prometheus',
    requests: 'grpc_server_handled_total',
    duration: 'grpc_server_handling_seconds',
    status: 'grpc_code',
    statusKind: 'grpc',
  },
} as const satisfies Readonly<Record<string, MetricsPreset>>;

export type MetricsPresetName = keyof typeof metricsPresets;

export const metricsPresetNames = Object.keys(metricsPresets) as readonly MetricsPresetName[];
