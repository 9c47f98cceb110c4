import { budgetOf, canaries, targetOf } from './canaries';
import type { Rule } from './rule';

export const deadlineOverBudget: Rule = {
  id: 'PD010',
  title: 'A release that never gets ready is given up within the rollback budget',
  why: 'A crash loop or a pod that never gets ready fails no check: Flagger waits for progressDeadlineSeconds of Canary and Deployment, 600 s where nothing is said, and the canary keeps its weight meanwhile.',
  level: 'error',
  check: (objects) =>
    canaries(objects).flatMap((canary) => {
      const budget = budgetOf(canary);
      const target = targetOf(canary, objects);
      return [canary, ...(target?.kind === 'Deployment' ? [target] : [])].flatMap((object) => {
        const path = ['spec', 'progressDeadlineSeconds'];
        const written = object.get(...path);
        const seconds = typeof written === 'number' ? written : 600;
        return seconds <= budget
          ? []
          : [
              {
                object,
                path,
                message: `progressDeadlineSeconds is ${seconds}${written === undefined ? ' where nothing is said' : ''}, and the rollback budget ${budget} s: say 60`,
              },
            ];
      });
    }),
};
