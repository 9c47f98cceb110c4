/** Maps a value to a position in the picture. */
export type Scale = (value: number) => number;

/** A linear scale. Values outside its range map to its border. */
export function linear(from: readonly [number, number], to: readonly [number, number]): Scale {
  const [low, high] = from;
  const [start, end] = to;
  const span = high - low || 1;
  return (value) => start + ((Math.min(Math.max(value, low), high) - low) / span) * (end - start);
}

/** Round values from 0 to `high`, about `count` of them. */
export function ticks(high: number, count: number): readonly number[] {
  if (!(high > 0)) {
    return [0];
  }
  const raw = high / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, index) =>
    // Binary fractions are inexact: 6 · 0.2 is 1.2000000000000002.
    Number((index * step).toPrecision(12)),
  );
}

/** The smallest round value that is not below `value`. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}
