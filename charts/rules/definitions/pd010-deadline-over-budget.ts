import { intervalOf, presets, rollbackByDeadline } from '../../../lib/rollout';
import {
  canaries,
  findTarget,
  hasDeclaredBudget,
  movesTrafficAfterChecks,
  readBudget,
  readTimes,
} from '../manifests/canaries';
import type { LocatedObject } from '../manifests/objects';
import type { Finding, Rule } from '../rule';

export const deadlineOverBudget: Rule = {
  id: 'PD010',
  title: 'A release that never gets ready is given up within the rollback budget',
  why: 'A crash loop or a pod that never gets ready fails no check: Flagger waits for progressDeadlineSeconds of Canary and Deployment, 600 s where nothing is said, and sees it at the next check (D + I, and the work of that check); the canary keeps its weight meanwhile. Blue-green is passed over: no user meets a release before its checks are over.',
  level: 'error',
  check: (objects) =>
    canaries(objects)
      .filter((canary) => !movesTrafficAfterChecks(canary))
      .flatMap((canary) => {
        const target = findTarget(canary, objects);
        const own = overBudget(canary, canary);
        const levelOf = (sure: boolean) =>
          sure && hasDeclaredBudget(canary) ? ('error' as const) : ('warning' as const);
        // What the Canary gives up in time, only pods that are available in part keep alive until the Deployment's own deadline.
        const ofTarget = target?.kind === 'Deployment' ? overBudget(target, canary) : [];
        return [
          ...own.map((each) => ({ ...each, level: levelOf(true) })),
          ...ofTarget.map((each) => ({ ...each, level: levelOf(own.length > 0) })),
        ];
      }),
};

function overBudget(object: LocatedObject, canary: LocatedObject): readonly Finding[] {
  const budget = readBudget(canary);
  const interval = intervalOf(readTimes(canary));
  const path = ['spec', 'progressDeadlineSeconds'];
  const written = object.get(...path);
  const deadline = typeof written === 'number' ? written : 600;
  const worstAt = (progressDeadlineSeconds: number) =>
    rollbackByDeadline({ ...presets.fast, intervalSeconds: interval, progressDeadlineSeconds }).worst;
  if (worstAt(deadline) <= budget) {
    return [];
  }
  const most = Math.floor(budget - worstAt(0));
  return [
    {
      object,
      path,
      message: `progressDeadlineSeconds is ${deadline}${written === undefined ? ' where nothing is said' : ''}, and with the check after it D + I + w = ${deadline} + ${interval} + ${worstAt(0) - interval} = ${worstAt(deadline)} s; the rollback budget is ${budget} s: ${most >= 10 ? `say ${most} at most` : 'check more often (interval), or raise the budget'}`,
    },
  ];
}
