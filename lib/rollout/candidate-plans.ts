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
 * Plans to try instead of one that has problems. Plans that differ in one setting come first, then two, and so on; then the same plans with the
 * rollback hook; blue-green with generated requests is last. The catalog can express each of them.
 */
export function candidatePlans(plan: RolloutPlan, demand: Demand): readonly RolloutPlan[] {
  const canary = plan.strategy === 'canary' ? plan : presets.fast;
  const canaryPlans = variationsOf(canary, demand);
  return [
    ...canaryPlans,
    ...(plan.alertHook ? [] : canaryPlans.map((variation) => ({ ...variation, alertHook: true }))),
    { ...presets['blue-green'], alertHook: plan.alertHook },
  ];
}

/** All combinations of the choices, those with the fewest changes first, then those with the smallest first step and the shortest window. */
function variationsOf(plan: RolloutPlan, demand: Demand): readonly RolloutPlan[] {
  const variations: RolloutPlan[] = [];
  const interval = Math.max(shortestIntervalSeconds, plan.intervalSeconds);
  for (const steps of choicesWith(plan.steps, stepChoices, haveSameSteps)) {
    for (const windowSeconds of choicesWith(plan.windowSeconds, windowChoices)) {
      for (const intervalSeconds of choicesWith(interval, intervalChoices)) {
        const thresholdOverBurst = Math.ceil(windowSeconds / intervalSeconds) + 1;
        for (const threshold of choicesWith(Math.max(plan.threshold, thresholdOverBurst), [thresholdOverBurst])) {
          for (const scrapeSeconds of choicesWith(plan.scrapeSeconds, scrapeChoices)) {
            for (const progressDeadlineSeconds of choicesWith(plan.progressDeadlineSeconds, [
              demand.rollbackBudgetSeconds - intervalSeconds,
            ])) {
              if (4 * scrapeSeconds <= windowSeconds && progressDeadlineSeconds >= 10) {
                variations.push({
                  ...plan,
                  steps,
                  windowSeconds,
                  intervalSeconds,
                  threshold,
                  scrapeSeconds,
                  progressDeadlineSeconds,
                });
              }
            }
          }
        }
      }
    }
  }
  const ranked = variations.map((variation) => ({ variation, changes: countChanges(plan, variation) }));
  return ranked
    .sort(
      (a, b) =>
        a.changes - b.changes ||
        (a.variation.steps[0] ?? 0) - (b.variation.steps[0] ?? 0) ||
        a.variation.windowSeconds - b.variation.windowSeconds,
    )
    .map(({ variation }) => variation);
}

/** The plan's own value, then the choices that differ from it. */
function choicesWith<T>(own: T, choices: readonly T[], isSame: (a: T, b: T) => boolean = Object.is): readonly T[] {
  return [own, ...choices.filter((choice) => !isSame(choice, own))];
}

function haveSameSteps(a: readonly number[], b: readonly number[]): boolean {
  return a.join() === b.join();
}

function countChanges(from: RolloutPlan, to: RolloutPlan): number {
  const numbers = [
    'windowSeconds',
    'intervalSeconds',
    'threshold',
    'scrapeSeconds',
    'progressDeadlineSeconds',
  ] as const;
  return (haveSameSteps(from.steps, to.steps) ? 0 : 1) + numbers.filter((name) => from[name] !== to[name]).length;
}
