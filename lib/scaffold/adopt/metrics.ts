import { type MetricsPresetName, metricsPresets } from '../../catalog';
import type { Question } from './finding';
import { at, type DefinedMetric, type Reading } from './reading';

/** The names by which a release is judged. A preset has the others. */
export interface MetricsChoice {
  readonly preset?: MetricsPresetName;
  readonly requests?: string;
  readonly duration?: string;
  readonly status?: string;
  readonly type?: 'native-histogram';
  readonly where: readonly string[];
  readonly questions: readonly Question[];
}

/** A library that counts requests under names of its own. */
interface MetricLibrary {
  /** The import that shows that a service uses it. */
  readonly path: RegExp;
  /** Another import that it needs, to export its metrics to Prometheus. */
  readonly with?: RegExp;
  readonly preset: MetricsPresetName;
}

/** Libraries whose names a preset of the catalog has. */
const metricLibraries: readonly MetricLibrary[] = [
  { path: /^github\.com\/slok\/go-http-metrics\/metrics\/prometheus$/, preset: 'go-http-metrics' },
  { path: /^github\.com\/labstack\/echo-contrib\/(?:v[0-9]+\/)?(?:echo)?prometheus$/, preset: 'echo' },
  { path: /^github\.com\/(?:zsais|mcuadros|chenjiandongx)\/(?:go-gin-prometheus|ginprom)$/, preset: 'gin' },
  { path: /^github\.com\/penglongli\/gin-metrics\/ginmetrics$/, preset: 'gin-metrics' },
  { path: /^github\.com\/go-chi\/metrics$/, preset: 'chi' },
  { path: /^github\.com\/ansrivas\/fiberprometheus(?:\/v[0-9]+)?$/, preset: 'fiber' },
  {
    path: /^go\.opentelemetry\.io\/contrib\/instrumentation\/(?:net\/http\/otelhttp|github\.com\/(?:gin-gonic\/gin\/otelgin|labstack\/echo\/otelecho|gorilla\/mux\/otelmux))$/,
    with: /^go\.opentelemetry\.io\/otel\/exporters\/prometheus$/,
    preset: 'opentelemetry',
  },
  {
    path: /^github\.com\/grpc-ecosystem\/(?:go-grpc-middleware\/providers\/prometheus|go-grpc-prometheus)$/,
    preset: 'grpc',
  },
];

/** Names of status labels, best first. */
const statusLabels = ['code', 'status', 'status_code', 'statuscode', 'http_code', 'http_status', 'http_status_code'];
const moreStatusLabels = /^(?:response_?code|resp_?status|http_response_status_code|code_class|status_class)$/i;

const durationWords = /duration|latency|(?:^|_)time|seconds|milliseconds|_ms$/;

/** Words of metrics that count something else than the requests that users send. */
const otherRequests =
  /(?:^|_)(?:client|upstream|backend|outgoing|outbound|egress|remote|proxy_cache|cache|s3|gcs|azure|dns|webhook|hook|notifications?|db|sql|redis|kafka|storage|bucket|discovery|auth|login|probe|scrape|rule|query_frontend|alerts?|messages?|size|bytes|inflight|in_flight|limit|exceeded|errors?|failed|failures?|dropped|invalid)(?:_|$)/;

/** Chooses among the metrics that a service defines, or has when it runs. Undefined if none counts requests with their status. */
export function chooseOwnMetrics(metrics: readonly DefinedMetric[]): MetricsChoice | undefined {
  const counter = best(metrics, scoreCounter);
  const histogram = best(metrics, scoreHistogram);
  return counter !== undefined || (histogram !== undefined && statusLabel(histogram) !== undefined)
    ? ownMetrics(metrics, counter, histogram)
    : undefined;
}

/** Chooses the metrics by the definitions of the source, and otherwise by the libraries that it imports. */
export function chooseMetrics(reading: Reading): MetricsChoice {
  const own = chooseOwnMetrics(reading.metrics);
  if (own !== undefined) {
    return own;
  }
  const imports = reading.packages.flatMap((found) => found.imports);
  for (const { path, with: needed, preset } of metricLibraries) {
    const found = imports.find((candidate) => path.test(candidate.path));
    if (found !== undefined && (needed === undefined || imports.some((candidate) => needed.test(candidate.path)))) {
      return { preset, where: [`${at(found)} (imports ${found.path})`], questions: [] };
    }
  }
  return { where: [], questions: [noMetrics] };
}

const noMetrics: Question = {
  field: 'metrics',
  what: 'the metrics of requests: the source defines no counter of requests with a label for the status code',
};

function ownMetrics(
  all: readonly DefinedMetric[],
  counter: DefinedMetric | undefined,
  histogram: DefinedMetric | undefined,
): MetricsChoice {
  const requests = counter?.name ?? `${histogram?.name}_count`;
  const status = statusLabel(counter) ?? statusLabel(histogram) ?? 'code';
  const where = [
    ...(counter === undefined ? [] : [`${at(counter)} (${describeMetric(counter)})`]),
    ...(histogram === undefined ? [] : [`${at(histogram)} (${describeMetric(histogram)})`]),
  ];
  if (histogram === undefined) {
    const summary = best(all, scoreSummary);
    const what =
      summary === undefined
        ? `the histogram of request durations: ${describeOthers(all)}`
        : `the histogram of request durations: ${summary.name} (${at(summary)}) is a summary, which has no quantile over several pods`;
    const named = counter === undefined ? [] : prefixQuestion('metrics.requests', counter, '');
    return { requests, status, where, questions: [...named, { field: 'metrics.duration', what }] };
  }
  const questions = [
    ...prefixQuestion('metrics.requests', counter ?? histogram, counter === undefined ? '_count' : ''),
    ...prefixQuestion('metrics.duration', histogram, ''),
  ];
  if (questions.length > 0) {
    return { requests, duration: histogram.name, status, where, questions };
  }
  const type = histogram.native ? ({ type: 'native-histogram' } as const) : {};
  const preset = presetWith({ requests, status, duration: histogram.name });
  return preset === undefined
    ? { requests, duration: histogram.name, status, ...type, where, questions: [] }
    : { preset, ...type, where, questions: [] };
}

/** Histograms that may be meant: their names say neither what they time nor in which unit. */
function describeOthers(all: readonly DefinedMetric[]): string {
  const others = all.filter(({ kind, name }) => kind === 'histogram' && durationWords.test(name));
  return others.length === 0
    ? 'the source defines none'
    : `none says by its name that it times requests. If one of these does, in seconds or milliseconds, name it and its unit: ${others.map((metric) => `${metric.name} (${at(metric)})`).join(', ')}`;
}

function prefixQuestion(field: string, { prefixed, name }: DefinedMetric, suffix: string): readonly Question[] {
  return prefixed ? [{ field, what: `the whole name: the source computes what comes before ${name}${suffix}` }] : [];
}

/** The names that the catalog takes for granted. */
function presetWith(names: {
  readonly requests: string;
  readonly duration: string;
  readonly status: string;
}): MetricsPresetName | undefined {
  const { requests, duration, status } = metricsPresets.client_golang;
  return names.requests === requests && names.duration === duration && names.status === status
    ? 'client_golang'
    : undefined;
}

function best(metrics: readonly DefinedMetric[], score: (metric: DefinedMetric) => number): DefinedMetric | undefined {
  return metrics
    .map((metric) => ({ metric, score: score(metric) }))
    .filter((candidate) => candidate.score > 0)
    .sort((a, b) => b.score - a.score)[0]?.metric;
}

/** A counter of requests with their status. Its other labels do not matter. */
function scoreCounter(metric: DefinedMetric): number {
  const status = statusLabel(metric);
  if (metric.kind !== 'counter' || status === undefined || !/request|response|http/.test(metric.name)) {
    return 0;
  }
  return scoreName(metric) + (/(?:^|_)requests?(?:_count)?(?:_total)?$/.test(metric.name) ? 20 : 0);
}

function scoreHistogram(metric: DefinedMetric): number {
  const isDuration = durationWords.test(metric.name);
  if (metric.kind !== 'histogram' || !isDuration || !/request|response|http/.test(metric.name)) {
    return 0;
  }
  return scoreName(metric) + (statusLabel(metric) === undefined ? 0 : 10) + (/request/.test(metric.name) ? 5 : 0);
}

function scoreSummary(metric: DefinedMetric): number {
  return metric.kind === 'summary' &&
    /request|response|http/.test(metric.name) &&
    /duration|latency|seconds/.test(metric.name)
    ? scoreName(metric)
    : 0;
}

function scoreName({ name, file, prefixed }: DefinedMetric): number {
  return (
    20 +
    (/http/.test(name) ? 10 : 0) -
    (otherRequests.test(name) ? 40 : 0) -
    (prefixed ? 10 : 0) -
    (/(?:^|\/)[^/]*(?:client|mock|test)[^/]*$/.test(file) ? 20 : 0)
  );
}

function statusLabel(metric: DefinedMetric | undefined): string | undefined {
  return (
    statusLabels.find((label) => metric?.labels.includes(label)) ??
    metric?.labels.find((label) => moreStatusLabels.test(label))
  );
}

function describeMetric({ kind, name, labels }: DefinedMetric): string {
  return `${kind} ${name}{${labels.join(', ')}}`;
}
