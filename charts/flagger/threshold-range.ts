/** The values of a metric that pass a check. */
export class ThresholdRange {
  /** Passes up to and including this value. */
  static max(value: number): ThresholdRange {
    return new ThresholdRange('max', value);
  }

  /** Passes from this value on. */
  static min(value: number): ThresholdRange {
    return new ThresholdRange('min', value);
  }

  /** As a metric of a Canary has it. */
  readonly range: { readonly max?: number; readonly min?: number };

  private constructor(bound: 'max' | 'min', value: number) {
    if (!Number.isFinite(value)) {
      throw new Error(`'thresholdRange.${bound}' (${value}) must be a number`);
    }
    this.range = { [bound]: value };
  }
}
