/** Names of metrics and labels, as an instrumentation library exports them. */
export interface MetricFamily {
  /** Counter of requests. */
  readonly requests: string;
  /** Histogram of latencies in seconds, without the suffixes `_bucket` and `_count`. */
  readonly duration: string;
  /** Label with the HTTP status code. */
  readonly code: string;
}

/** `client_golang`: the names of promhttp and most Go services. `opentelemetry`: the semantic conventions for HTTP servers. */
const families: Readonly<Record<'client_golang' | 'opentelemetry', MetricFamily>> = {
  client_golang: { requests: 'http_requests_total', duration: 'http_request_duration_seconds', code: 'code' },
  opentelemetry: {
    requests: 'http_server_request_duration_seconds_count',
    duration: 'http_server_request_duration_seconds',
    code: 'http_response_status_code',
  },
};

export type MetricFamilyName = keyof typeof families;

export function metricFamily(name: MetricFamilyName): MetricFamily {
  return families[name];
}
