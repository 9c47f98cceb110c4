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

/** Which series: by the labels that Prometheus Operator gives to the pods of a Service. */
export interface Selection {
  readonly family: MetricFamilyName;
  readonly namespace: string;
  /** Name of the Service. */
  readonly job: string;
  /** Window, such as `20s`. */
  readonly window: string;
}

/** Flagger fills these in for the canary that it checks. */
export function canarySelection(family: MetricFamilyName): Selection {
  return { family, namespace: '{{ namespace }}', job: '{{ target }}-canary', window: '{{ interval }}' };
}

/**
 * Failed requests in percent. Healthy without any failure: 0 (the missing series counts as none). Idle: 0. Target gone: no answer, which
 * Flagger counts as a failed check.
 */
export function errorPercentage(selection: Selection): string {
  const { requests, code } = families[selection.family];
  const labels = labelsOf(selection);
  return `100 * (sum(rate(${requests}{${labels},${code}=~"5.."}[${selection.window}])) or vector(0))
  / clamp_min(sum(rate(${requests}{${labels}}[${selection.window}])), 1e-9)`;
}

/**
 * The 99th percentile in seconds, as soon as there are `samples` requests to judge by. Fewer: 0 while the target is up, which judges nothing.
 * Target gone: no answer, which Flagger counts as a failed check.
 */
export function percentile99(selection: Selection, samples: number): string {
  return `(
  ${quantile(selection, 0.99)}
    and on() (${requestCount(selection)} >= ${samples})
)
or on() (0 * sum(up{${labelsOf(selection)}} == 1))`;
}

/** That share of the requests was quicker than this, in seconds. Without requests: NaN. */
export function quantile(selection: Selection, share: number): string {
  const { duration } = families[selection.family];
  return `histogram_quantile(${share}, sum by (le) (rate(${duration}_bucket{${labelsOf(selection)}}[${selection.window}])))`;
}

/** Requests within the window. No series: no answer. */
export function requestCount(selection: Selection): string {
  const { duration } = families[selection.family];
  return `sum(increase(${duration}_count{${labelsOf(selection)}}[${selection.window}]))`;
}

function labelsOf({ namespace, job }: Selection): string {
  return `namespace="${namespace}",job="${job}"`;
}
