/** A counter as Prometheus has scraped it. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}

/**
 * `increase(counter[to - from])` as Prometheus computes it, or nothing with fewer than two samples: the difference of the first and the last
 * sample, extrapolated to the ends of the window where they are near, and never to before the counter was 0
 * (prometheus/prometheus promql/functions.go, extrapolatedRate).
 * @param samples in order of time, those after `from` and up to `to`
 */
export function increase(samples: readonly Sample[], from: number, to: number): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || samples.length < 2) {
    return undefined;
  }
  const difference = last.value - first.value;
  const span = last.at - first.at;
  const between = span / (samples.length - 1);
  const reach = (distance: number) => (distance >= between * 1.1 ? between / 2 : distance);
  const toZero = difference > 0 ? span * (first.value / difference) : Number.POSITIVE_INFINITY;
  return difference * ((span + Math.min(reach(first.at - from), toZero) + reach(to - last.at)) / span);
}
