/** A counter's value as Prometheus scraped it. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}

/**
 * `increase(counter[to - from])` as Prometheus computes it; undefined with fewer than two samples. It is the difference of the first and the last
 * sample, extrapolated to the ends of the window if the samples are near them, and never to a time before the counter was 0
 * (prometheus/prometheus promql/functions.go, extrapolatedRate).
 * @param samples in order of time: those after `from` and up to `to`
 */
export function increase(samples: readonly Sample[], from: number, to: number): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || samples.length < 2) {
    return undefined;
  }
  const difference = last.value - first.value;
  const span = last.at - first.at;
  const averageGap = span / (samples.length - 1);
  const extrapolated = (distance: number) => (distance >= averageGap * 1.1 ? averageGap / 2 : distance);
  const toZero = difference > 0 ? span * (first.value / difference) : Number.POSITIVE_INFINITY;
  const before = Math.min(extrapolated(first.at - from), toZero);
  const after = extrapolated(to - last.at);
  return difference * ((span + before + after) / span);
}
