/** A share of a hundred: of the traffic, of requests, of a CPU. Neither a fraction nor a text by mistake. */
export class Percent {
  /** @param value 5 is 5 % */
  static of(value: number): Percent {
    return new Percent(value);
  }

  /** @param fraction 0.05 is 5 % */
  static ofFraction(fraction: number): Percent {
    // 0.07 * 100 is 7.000000000000001.
    return new Percent(Number((fraction * 100).toPrecision(6)));
  }

  private constructor(readonly value: number) {
    if (!(value >= 0 && value <= 100)) {
      throw new Error(`'percent' (${value}) must be from 0 to 100`);
    }
  }
}
