/** The shares of the traffic that a canary gets, one after the other, in percent. */
export class StepWeights {
  /**
   * @param weights such as 5, 10, 25, 50. Each is above the one before: Flagger looks a weight up to find the next, and takes the way
   * there for what to add (pkg/controller/scheduler.go, nextStepWeight).
   */
  static of(...weights: readonly number[]): StepWeights {
    return new StepWeights(weights);
  }

  private constructor(readonly weights: readonly number[]) {
    const sound = weights.every(
      (weight, index) => Number.isInteger(weight) && weight > (weights[index - 1] ?? 0) && weight <= 100,
    );
    if (weights.length === 0 || !sound) {
      throw new Error(
        `'stepWeights' (${weights.join(', ')}) must be whole percents from 1 to 100, one at least, each above the one before`,
      );
    }
  }
}
