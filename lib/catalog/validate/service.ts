import type { PartiallyParsed } from '../parse/partial-parse';
import type { Service } from '../schema/service';
import { validateBuild } from './build';
import type { PlatformConstraints } from './constraints';
import { validateEnvironments } from './environment';
import type { Finding } from './finding';
import { validateSource } from './source';

/** What can't be right of a service whose fields are right one by one. */
export function validateService(
  service: PartiallyParsed<Service>,
  constraints: PlatformConstraints,
): readonly Finding[] {
  return [
    ...validateSource(service, constraints),
    ...validateBuild(service, constraints),
    ...validateEnvironments(service, constraints),
    ...findFallingSteps(service),
  ];
}

function findFallingSteps({ rollback }: PartiallyParsed<Service>): readonly Finding[] {
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
