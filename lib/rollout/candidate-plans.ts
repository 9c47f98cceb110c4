import { shortestIntervalSeconds } from './arithmetic/checks';
import type { Demand } from './demand';
import { presets, type RolloutPlan } from './plan';

const stepChoices = [
  [5, 10, 25, 50],
  [10, 25, 50],
  [20, 50],
  [25, 50, 75],
  [50, 75],
  [50, 100],
];
const windowChoices = [20, 30, 60, 120];
const intervalChoices = [10, 15, 20];
const scrapeChoices = [5];

/**
 * Plans to try instead of one that does not work, the nearest first: those that change one thing, then two, and so on; the alert hook after
 * that; blue-green with generated requests last. Each can be written in the catalog.
 */
export function candidates(plan: RolloutPlan, demand: Demand): readonly RolloutPlan[] {
  const canary = plan.strategy === 'canary' ? plan : presets.fast;
  const weighted = variations(canary, demand);
  return [
    ...weighted,
    ...(plan.alertHook ? [] : weighted.map((variation) => ({ ...variation, alertHook: true }))),
    { ...presets['blue-green'], alertHook: plan.alertHook },
  ];
}

function variations(plan: RolloutPlan, demand: Demand): readonly RolloutPlan[] {
  const found: {
    readonly plan: RolloutPlan;
    readonly changes: number;
    readonly steps: number;
    readonly window: number;
  }[] = [];
  for (const steps of withOwn(stepChoices, plan.steps, sameSteps)) {
    for (const windowSeconds of withOwn(windowChoices, plan.windowSeconds)) {
      for (const intervalSeconds of withOwn(intervalChoices, Math.max(shortestIntervalSeconds, plan.intervalSeconds))) {
        const burst = Math.ceil(windowSeconds / intervalSeconds) + 1;
        for (const threshold of withOwn([burst], Math.max(plan.threshold, burst))) {
          for (const scrapeSeconds of withOwn(scrapeChoices, plan.scrapeSeconds).filter(
            (s) => 4 * s <= windowSeconds,
          )) {
            for (const progressDeadlineSeconds of withOwn(
              [demand.rollbackBudgetSeconds - intervalSeconds],
              plan.progressDeadlineSeconds,
            ).filter((seconds) => seconds >= 10)) {
              const variation = {
                ...plan,
                steps,
                windowSeconds,
                intervalSeconds,
                threshold,
                scrapeSeconds,
                progressDeadlineSeconds,
              };
              found.push({
                plan: variation,
                changes: differences(plan, variation),
                steps: steps[0] ?? 0,
                window: windowSeconds,
              });
            }
          }
        }
      }
    }
  }
  return found
    .sort((a, b) => a.changes - b.changes || a.steps - b.steps || a.window - b.window)
    .map((candidate) => candidate.plan);
}

function withOwn<T>(choices: readonly T[], own: T, same: (a: T, b: T) => boolean = Object.is): readonly T[] {
  return [own, ...choices.filter((choice) => !same(choice, own))];
}

function sameSteps(a: readonly number[], b: readonly number[]): boolean {
  return a.join() === b.join();
}

function differences(from: RolloutPlan, to: RolloutPlan): number {
  const numbers = [
    'windowSeconds',
    'intervalSeconds',
    'threshold',
    'scrapeSeconds',
    'progressDeadlineSeconds',
  ] as const;
  return (sameSteps(from.steps, to.steps) ? 0 : 1) + numbers.filter((name) => from[name] !== to[name]).length;
}
