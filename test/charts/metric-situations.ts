import { type MetricNames, metricsPresetNames, resolveMetrics, type ServiceMetrics } from '../../lib/catalog';
import type { Series } from './promtool';

/** The metrics of pods: requests per second by outcome, and how many of them take longer than 500 ms. */
export interface Situation {
  /** What is measured, as the documentation says it. */
  readonly name: string;
  /** 0 if scrapes fail, undefined if there is no target. */
  readonly up?: 0 | 1;
  readonly ok?: number;
  readonly failed?: number;
  /** Requests whose series lacks the label of the status. */
  readonly unlabeled?: number;
  /** Requests whose label has a text that is no status code. */
  readonly text?: number;
  readonly slow?: number;
  /** Whether the counters stay constant. @default false */
  readonly idle?: boolean;
  /** Number of scrapes after which the target and all of its series disappear. @default never */
  readonly vanishesAfter?: number;
  /** How durations are exported. `short`: no bucket reaches the objective. `unused`: the histogram stays at 0. @default complete */
  readonly durations?: 'complete' | 'missing' | 'summary' | 'short' | 'unused';
}

/** The situations of every query. */
export const situations = {
  healthy: { name: 'healthy, no failed request yet', up: 1, ok: 100 },
  slow: { name: 'one request in five is slow', up: 1, ok: 100, slow: 20 },
  failing: { name: 'every request fails', up: 1, failed: 100 },
  idle: { name: 'no requests, the series exist', up: 1, ok: 0, idle: true },
  unnamed: { name: 'no series with these names', up: 1 },
  down: { name: 'the target is down', up: 0 },
  vanished: { name: 'the target is gone', up: 1, ok: 100, vanishesAfter: 8 },
  nothing: { name: 'Prometheus has no data' },
  unlabeled: { name: 'the label of the status is missing', up: 1, unlabeled: 100 },
  partlyUnlabeled: { name: 'the label is missing on one series in ten', up: 1, ok: 90, unlabeled: 10 },
  textual: { name: 'the label contains no status codes', up: 1, text: 100 },
  untimed: { name: 'the histogram is missing', up: 1, ok: 100, durations: 'missing' },
  summary: { name: 'a summary instead of a histogram', up: 1, ok: 100, durations: 'summary' },
  short: { name: 'no bucket is over the objective', up: 1, ok: 100, slow: 100, durations: 'short' },
  unused: { name: 'the histogram stays at 0 while requests are counted', up: 1, ok: 100, durations: 'unused' },
} as const satisfies Record<string, Situation>;

export type SituationName = keyof typeof situations;

/** The situations of a release that is measured, and of one that is not because its target is gone. */
export const basicSituations = ['healthy', 'slow', 'failing', 'idle', 'down', 'vanished'] as const;

const at = { port: 8080 };

/** Every preset, and names that no preset has: milliseconds, a native histogram, and a native histogram that counts the requests. */
export const namedMetrics: Readonly<Record<string, ServiceMetrics>> = {
  ...Object.fromEntries(metricsPresetNames.map((name) => [name, resolveMetrics({ ...at, metrics: name })])),
  milliseconds: resolveMetrics({
    ...at,
    metrics: {
      requests: 'tickets_requests_total',
      duration: 'tickets_duration_ms',
      status: 'result',
      type: 'histogram',
    },
  }),
  'native histogram': resolveMetrics({
    ...at,
    metrics: {
      requests: 'api_calls_total',
      duration: 'api_call_seconds',
      status: 'http_status',
      type: 'native-histogram',
    },
  }),
  'counting native histogram': resolveMetrics({
    ...at,
    metrics: { preset: 'opentelemetry', type: 'native-histogram' },
  }),
};

/** Whether the histogram's count is the counter of requests. */
export function countsByHistogram({ requests, duration }: MetricNames): boolean {
  return requests === `${duration}_count`;
}

/** The time from which on a window contains the situation only, after the target vanished too. */
export function settledAt(scrapeSeconds: number, windowSeconds: number): string {
  return `${8 * scrapeSeconds + 3 * windowSeconds}s`;
}

/** Requests of one outcome. */
interface Outcome {
  /** Matcher of the status label, with a comma in front. */
  readonly label: string;
  readonly perSecond: number;
  /** How many of them take longer than 500 ms. */
  readonly slow: number;
}

/** Series of the pods behind a Service of hello: cumulative counters and buckets, one sample per scrape. */
export function seriesOf(
  metrics: MetricNames,
  scrapeSeconds: number,
  situation: Situation,
  job = 'hello-canary',
): readonly Series[] {
  const { up, vanishesAfter } = situation;
  const write = (name: string, extra: string, values: (count: number) => string): Series => ({
    series: `${name}{namespace="hello",job="${job}"${extra}}`,
    values: vanishesAfter === undefined ? values(400) : `${values(vanishesAfter)} stale`,
  });
  if (up === undefined) {
    return [];
  }
  const state = write('up', '', (count) => `${up}x${count}`);
  if (up === 0) {
    return [state];
  }
  const isIdle = situation.idle === true;
  const rising = (name: string, extra: string, perSecond: number) =>
    write(name, extra, (count) => (isIdle ? `7x${count}` : `0+${perSecond * scrapeSeconds}x${count}`));
  const outcomes = outcomesOf(metrics, situation);
  const counters = outcomes.map(({ label, perSecond }) => rising(metrics.requests, label, perSecond));
  const timed = countsByHistogram(metrics)
    ? outcomes
    : outcomes.length === 0
      ? []
      : [{ label: '', perSecond: sum(outcomes, 'perSecond'), slow: sum(outcomes, 'slow') }];
  const durations = timed.flatMap((outcome) =>
    durationSeries(metrics, situation, outcome, { rising, write, scrapeSeconds }),
  );
  const hasCounter = !countsByHistogram(metrics) || (situation.durations === 'summary' && metrics.type === 'histogram');
  return [state, ...(hasCounter ? counters : []), ...durations];
}

function outcomesOf({ status, failures }: MetricNames, situation: Situation): readonly Outcome[] {
  const isGrpc = failures.includes('Unavailable');
  const entries: readonly (readonly [string, number | undefined])[] = [
    [`,${status}="${isGrpc ? 'OK' : '200'}"`, situation.ok],
    [`,${status}="${isGrpc ? 'Unavailable' : '500'}"`, situation.failed],
    ['', situation.unlabeled],
    [`,${status}="Internal Server Error"`, situation.text],
  ];
  let slow = situation.slow ?? 0;
  return entries.flatMap(([label, perSecond]) => {
    if (perSecond === undefined) {
      return [];
    }
    const slowHere = Math.min(slow, perSecond);
    slow -= slowHere;
    return [{ label, perSecond, slow: slowHere }];
  });
}

interface Writers {
  readonly rising: (name: string, extra: string, perSecond: number) => Series;
  readonly write: (name: string, extra: string, values: (count: number) => string) => Series;
  readonly scrapeSeconds: number;
}

function durationSeries(
  metrics: MetricNames,
  { durations = 'complete', idle }: Situation,
  { label, perSecond, slow }: Outcome,
  { rising, write, scrapeSeconds }: Writers,
): readonly Series[] {
  const { duration, type, unit } = metrics;
  const total = durations === 'unused' ? 0 : perSecond;
  if (durations === 'missing') {
    return [];
  }
  if (durations === 'summary') {
    return [
      ...(countsByHistogram(metrics) ? [] : [rising(`${duration}_count`, label, total)]),
      rising(`${duration}_sum`, label, total),
      write(duration, `${label},quantile="0.99"`, (count) => `0.1x${count}`),
    ];
  }
  if (type === 'native-histogram') {
    // The buckets are those from 0.25 to 0.5 and from 0.5 to 1 second.
    const sample = (fast: number, slower: number) =>
      `{{schema:0 count:${fast + slower} sum:${fast + slower} offset:-1 buckets:[${fast} ${slower}]}}`;
    const step = sample((total - slow) * scrapeSeconds, slow * scrapeSeconds);
    return [
      write(duration, label, (count) =>
        idle === true ? `${sample(7, 0)}x${count}` : `${sample(0, 0)}+${step}x${count}`,
      ),
    ];
  }
  const bound = (seconds: number) => (unit === 'milliseconds' ? seconds * 1000 : seconds).toFixed(1);
  const buckets: readonly (readonly [string, number])[] =
    durations === 'short'
      ? [['0.25', total - slow]]
      : [
          [bound(0.5), total - slow],
          [bound(1), total],
        ];
  return [
    ...buckets.map(([le, count]) => rising(`${duration}_bucket`, `${label},le="${le}"`, count)),
    rising(`${duration}_bucket`, `${label},le="+Inf"`, total),
    rising(`${duration}_count`, label, total),
  ];
}

function sum(outcomes: readonly Outcome[], field: 'perSecond' | 'slow'): number {
  return outcomes.reduce((total, outcome) => total + outcome[field], 0);
}
