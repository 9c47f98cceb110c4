/**
 * The chance that more than `count` of `samples` independent requests are of a kind that has the share `share`:
 * `P(X > count)` for `X ~ Binomial(samples, share)`. Exact, summed outwards from `count`.
 */
export function probabilityOfMoreThan(count: number, samples: number, share: number): number {
  if (count >= samples || share <= 0) {
    return 0;
  }
  if (count < 0 || share >= 1) {
    return 1;
  }
  const odds = share / (1 - share);
  // Sum the side on which the terms fall off, so that it converges at once.
  if (count + 1 > samples * share) {
    return sumOfTerms(
      logTerm(count + 1, samples, share),
      (k) => ((samples - k) / (k + 1)) * odds,
      count + 1,
      1,
      samples,
    );
  }
  return 1 - sumOfTerms(logTerm(count, samples, share), (k) => k / (samples - k + 1) / odds, count, -1, 0);
}

/** The chance that a check of `samples` requests finds more than the share `limit` of them bad. */
export function probabilityOfBreach(samples: number, share: number, limit: number): number {
  const whole = Math.floor(samples);
  // 0.07 · 100 is 7.000000000000001: seven bad ones of a hundred are not more than 7 %.
  return probabilityOfMoreThan(Math.floor(whole * limit + 1e-9), whole, share);
}

function sumOfTerms(first: number, ratio: (k: number) => number, from: number, step: 1 | -1, to: number): number {
  let term = Math.exp(first);
  let sum = term;
  for (let k = from; k !== to && term > sum * 1e-17; k += step) {
    term *= ratio(k);
    sum += term;
  }
  return Math.min(1, sum);
}

/** Logarithm of `P(X = k)`. */
function logTerm(k: number, samples: number, share: number): number {
  const choose = logFactorial(samples) - logFactorial(k) - logFactorial(samples - k);
  return choose + k * Math.log(share) + (samples - k) * Math.log1p(-share);
}

/** `ln n!`: exact for small numbers, Stirling's series above, whose error is below 1e-12 from 16 on. */
function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1;
    for (let factor = 2; factor <= n; factor += 1) {
      product *= factor;
    }
    return Math.log(product);
  }
  const inverse = 1 / n;
  const series = inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260 - inverse ** 7 / 1680;
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + series;
}
