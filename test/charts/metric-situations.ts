import { type MetricFamilyName, metricFamily } from '../../charts/queries/metric-family';
import type { Series } from './promtool';

/** What pods show: requests a second by code, and how many of them are slower than 500 ms. */
export interface Situation {
  readonly name: string;
  /** 0: scraped in vain. Without it Prometheus does not know the target any more. */
  readonly up: 0 | 1;
  readonly ok?: number;
  readonly failed?: number;
  readonly slow?: number;
  /** Counters stand still. */
  readonly idle?: boolean;
  /** After so many scrapes the target is gone, and all of its series with it. */
  readonly vanishesAfter?: number;
}

/** The five situations of every query; the target goes in two ways. */
export const situations = {
  healthy: { name: 'healthy, and no 5xx was ever counted', up: 1, ok: 100 },
  slow: { name: 'slow', up: 1, ok: 100, slow: 20 },
  idle: { name: 'idle', up: 1, ok: 0, idle: true },
  down: { name: 'target that can not be scraped', up: 0 },
  vanished: { name: 'target that was there and is gone', up: 1, ok: 100, vanishesAfter: 8 },
  failing: { name: 'every request fails', up: 1, failed: 100 },
} as const satisfies Record<string, Situation>;

export type SituationName = keyof typeof situations;

/** When to ask, so that a window of the situation holds nothing else, what vanished included. */
export function settledAt(scrapeSeconds: number, windowSeconds: number): string {
  return `${8 * scrapeSeconds + 3 * windowSeconds}s`;
}

/** Counters of a client library behind a Service of hello: cumulative, all buckets, one sample every scrape. */
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
    // OpenTelemetry counts requests by the histogram itself.
    ...(requests === `${duration}_count` ? [] : [rising(`${duration}_count`, '', total)]),
  ];
}
