/**
 * The probability that more than `count` of `samples` independent requests are bad, where each is bad with the probability `share`:
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
  // Sum on the side of the mean where the terms decrease, so that the sum converges quickly.
  if (count + 1 > samples * share) {
    return sumOfTerms({
      firstTerm: Math.exp(logTerm(count + 1, samples, share)),
      ratio: (k) => ((samples - k) / (k + 1)) * odds,
      from: count + 1,
      to: samples,
      step: 1,
    });
  }
  return (
    1 -
    sumOfTerms({
      firstTerm: Math.exp(logTerm(count, samples, share)),
      ratio: (k) => k / (samples - k + 1) / odds,
      from: count,
      to: 0,
      step: -1,
    })
  );
}

/** The probability that more than the share `limit` of a check's samples are bad. */
export function probabilityOfBreach(samples: number, share: number, limit: number): number {
  const whole = Math.floor(samples);
  // 0.07 · 100 is 7.000000000000001, but seven bad requests of a hundred are not more than 7 %.
  return probabilityOfMoreThan(Math.floor(whole * limit + 1e-9), whole, share);
}

function sumOfTerms(series: {
  readonly firstTerm: number;
  /** Next term divided by the term `k`. */
  readonly ratio: (k: number) => number;
  readonly from: number;
  readonly to: number;
  readonly step: 1 | -1;
}): number {
  let term = series.firstTerm;
  let sum = term;
  for (let k = series.from; k !== series.to && term > sum * 1e-17; k += series.step) {
    term *= series.ratio(k);
    sum += term;
  }
  return Math.min(1, sum);
}

/** The logarithm of `P(X = k)`. */
function logTerm(k: number, samples: number, share: number): number {
  const choose = logFactorial(samples) - logFactorial(k) - logFactorial(samples - k);
  return choose + k * Math.log(share) + (samples - k) * Math.log1p(-share);
}

/** `ln n!`: exact below 16, and Stirling's series from 16 on, where its error is below 1e-12. */
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
