import { type MetricFamilyName, metricFamily } from '../../charts/queries/metric-family';
import type { Series } from './promtool';

/** The metrics of pods: requests per second by status code, and how many of them take longer than 500 ms. */
export interface Situation {
  readonly name: string;
  /** 0 if scrapes fail. */
  readonly up: 0 | 1;
  readonly ok?: number;
  readonly failed?: number;
  readonly slow?: number;
  /** Whether the counters stay constant. @default false */
  readonly idle?: boolean;
  /** Number of scrapes after which the target and all of its series disappear. @default never */
  readonly vanishesAfter?: number;
}

/** The five situations of every query. The target can be gone in two ways: down or vanished. */
export const situations = {
  healthy: { name: 'healthy, without any 5xx so far', up: 1, ok: 100 },
  slow: { name: 'slow', up: 1, ok: 100, slow: 20 },
  idle: { name: 'idle', up: 1, ok: 0, idle: true },
  down: { name: 'target whose scrapes fail', up: 0 },
  vanished: { name: 'target that vanished', up: 1, ok: 100, vanishesAfter: 8 },
  failing: { name: 'every request fails', up: 1, failed: 100 },
} as const satisfies Record<string, Situation>;

export type SituationName = keyof typeof situations;

/** The time from which on a window contains the situation only, after the target vanished too. */
export function settledAt(scrapeSeconds: number, windowSeconds: number): string {
  return `${8 * scrapeSeconds + 3 * windowSeconds}s`;
}

/** Series of the pods behind a Service of hello: cumulative counters and buckets, one sample per scrape. */
export function seriesOf(
  family: MetricFamilyName,
  scrapeSeconds: number,
  situation: Situation,
  job = 'hello-canary',
): readonly Series[] {
  const { requests, duration, code } = metricFamily(family);
  const { up, ok, failed, slow = 0, vanishesAfter } = situation;
  const series = (name: string, extra: string, values: (count: number) => string): Series => ({
    series: `${name}{namespace="hello",job="${job}"${extra}}`,
    values: vanishesAfter === undefined ? values(400) : `${values(vanishesAfter)} stale`,
  });
  const state = series('up', '', (count) => `${up}x${count}`);
  if (up === 0) {
    return [state];
  }
  const rising = (name: string, extra: string, perSecond: number) =>
    series(name, extra, (count) =>
      situation.idle === true ? `7x${count}` : `0+${perSecond * scrapeSeconds}x${count}`,
    );
  const total = (ok ?? 0) + (failed ?? 0);
  return [
    state,
    ...(ok === undefined ? [] : [rising(requests, `,${code}="200"`, ok)]),
    ...(failed === undefined ? [] : [rising(requests, `,${code}="500"`, failed)]),
    rising(`${duration}_bucket`, ',le="0.5"', total - slow),
    rising(`${duration}_bucket`, ',le="1.0"', total),
    rising(`${duration}_bucket`, ',le="+Inf"', total),
    // The request counter of OpenTelemetry is the count of the histogram.
    ...(requests === `${duration}_count` ? [] : [rising(`${duration}_count`, '', total)]),
  ];
}
