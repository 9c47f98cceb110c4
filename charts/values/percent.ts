/** A percentage from 0 to 100. The type keeps percentages apart from fractions and strings. */
export class Percent {
  /** @param value for example 5 for 5 % */
  static of(value: number): Percent {
    return new Percent(value);
  }

  /** @param fraction for example 0.05 for 5 % */
  static ofFraction(fraction: number): Percent {
    // 0.07 * 100 is 7.000000000000001.
    return new Percent(Number((fraction * 100).toPrecision(6)));
  }

  private constructor(readonly value: number) {
    if (!(value >= 0 && value <= 100)) {
      throw new Error(`'percent' must be from 0 to 100, got: ${value}`);
    }
  }
}
