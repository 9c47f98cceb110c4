import type { Readable } from '../parse/partial-parse';
import type { Service } from '../schema/service';
import { buildFindings } from './build';
import type { PlatformConstraints } from './constraints';
import { environmentFindings } from './environment';
import type { Finding } from './finding';
import { sourceFindings } from './source';

/** What can't be right of a service whose fields are right one by one. */
export function serviceFindings(service: Readable<Service>, facts: PlatformConstraints): readonly Finding[] {
  return [
    ...sourceFindings(service, facts),
    ...buildFindings(service, facts),
    ...environmentFindings(service, facts),
    ...fallingSteps(service),
  ];
}

function fallingSteps({ rollback }: Readable<Service>): readonly Finding[] {
  const steps = (rollback?.steps ?? []).filter((weight) => weight !== undefined);
  return steps.some((weight, index) => index > 0 && weight <= (steps[index - 1] as number))
    ? [
        {
          code: 'steps-not-rising',
          path: ['rollback', 'steps'],
          expected: 'weights that rise, such as [5, 10, 25, 50]',
        },
      ]
    : [];
}
