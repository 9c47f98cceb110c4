/** Names of the metrics of a family, as its library exports them. */
export interface MetricFamily {
  readonly requests: string;
  readonly duration: string;
  readonly code: string;
}

/** `client_golang` as promhttp and most Go services name them; `opentelemetry` by its semantic conventions for HTTP servers. */
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
