/** The values of a metric that pass a check. */
export class ThresholdRange {
  /** Values up to and including the bound pass. */
  static max(value: number): ThresholdRange {
    return new ThresholdRange('max', value);
  }

  /** Values from the bound upward pass. */
  static min(value: number): ThresholdRange {
    return new ThresholdRange('min', value);
  }

  /** The field `thresholdRange` of a metric. */
  readonly range: { readonly max?: number; readonly min?: number };

  private constructor(bound: 'max' | 'min', value: number) {
    if (!Number.isFinite(value)) {
      throw new Error(`'thresholdRange.${bound}' must be a finite number, got: ${value}`);
    }
    this.range = { [bound]: value };
  }
}
