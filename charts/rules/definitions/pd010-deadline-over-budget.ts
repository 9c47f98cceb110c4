import { intervalOf, presets, renderEquation, rollbackByDeadline } from '../../../lib/rollout';
import {
  findCanaries,
  findTarget,
  hasDeclaredBudget,
  movesTrafficAfterChecks,
  readBudget,
  readTimes,
} from '../manifests/canaries';
import type { LocatedObject } from '../manifests/objects';
import type { Finding, Level, Rule } from '../rule';

export const deadlineOverBudget: Rule = {
  id: 'PD010',
  title: 'A release whose pods all crash and stay down is rolled back within its budget',
  why: 'Without ready pods, Flagger evaluates no metrics, so no check fails. It waits for progressDeadlineSeconds of the Canary and of the Deployment (600 s by default) and rolls back at the next check. If all pods crash and stay down, the canary keeps its weight until then (D + I + w). Pods that never become ready get no traffic, and are rolled back w later. Pods that become ready between two crashes restart the deadline and are not covered. Blue-green is not checked, because users reach a release only after its checks.',
  level: 'error',
  computesFrom: 'spec.analysis',
  check: (objects) =>
    findCanaries(objects)
      .filter((canary) => !movesTrafficAfterChecks(canary))
      .flatMap((canary): readonly Finding[] => {
        const target = findTarget(canary, objects);
        const ofCanary = checkDeadline(canary, canary);
        const ofTarget = target?.kind === 'Deployment' ? checkDeadline(target, canary) : [];
        const level: Level = hasDeclaredBudget(canary) ? 'error' : 'warning';
        return [
          ...ofCanary.map((finding) => ({ ...finding, level })),
          // If the Canary's deadline is in time, the Deployment's counts only while some of its pods are available.
          ...ofTarget.map((finding) => ({
            ...finding,
            basis: canary,
            level: ofCanary.length > 0 ? level : ('warning' as const),
          })),
        ];
      }),
};

const defaultDeadlineSeconds = 600;

function checkDeadline(object: LocatedObject, canary: LocatedObject): readonly Finding[] {
  const budget = readBudget(canary);
  const path = ['spec', 'progressDeadlineSeconds'];
  const declared = object.get(...path);
  const deadline = typeof declared === 'number' ? declared : defaultDeadlineSeconds;
  const intervalSeconds = intervalOf(readTimes(canary));
  const rollbackAfter = (progressDeadlineSeconds: number) =>
    rollbackByDeadline({ ...presets.fast, intervalSeconds, progressDeadlineSeconds });
  const rollback = rollbackAfter(deadline);
  if (rollback.worst <= budget) {
    return [];
  }
  const longest = Math.floor(budget - rollbackAfter(0).worst);
  const remedy = longest >= 10 ? `set it to at most ${longest}` : 'shorten the interval, or raise the budget';
  return [
    {
      object,
      path,
      message: `progressDeadlineSeconds is ${deadline}${declared === undefined ? ' by default' : ''}, and with the next check ${renderEquation(rollback.term)}, but the rollback budget is ${budget} s: ${remedy}`,
    },
  ];
}
