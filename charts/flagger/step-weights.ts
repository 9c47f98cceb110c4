/** The weights of a canary, in percent of the traffic, in the order in which Flagger sets them. */
export class StepWeights {
  /**
   * @param weights for example 5, 10, 25, 50. Each must be greater than the one before: Flagger finds the next weight by the current one, and
   * adds the difference (pkg/controller/scheduler.go, nextStepWeight).
   */
  static of(...weights: readonly number[]): StepWeights {
    return new StepWeights(weights);
  }

  private constructor(readonly weights: readonly number[]) {
    const isIncreasing = weights.every(
      (weight, index) => Number.isInteger(weight) && weight > (weights[index - 1] ?? 0) && weight <= 100,
    );
    if (weights.length === 0 || !isIncreasing) {
      throw new Error(
        `'stepWeights' must be at least one whole percentage from 1 to 100, each greater than the one before, got: ${weights.join(', ') || 'none'}`,
      );
    }
  }
}
