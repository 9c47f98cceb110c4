import type { PartiallyParsed } from '../../parse/partial-parse';
import type { Service } from '../../schema/service';
import type { PlatformConstraints } from '../constraints';
import type { Finding } from '../finding';
import { validateBuild } from './build';
import { validateContainer } from './container';
import { validateEnvironments } from './environment';
import { validateFiles } from './files';
import { validateMetrics } from './metrics';
import { validateModules } from './modules';
import { validateSource } from './source';

/** Finds errors that involve several fields of a service, or a service and its platform. */
export function validateService(
  service: PartiallyParsed<Service>,
  constraints: PlatformConstraints,
): readonly Finding[] {
  return [
    ...validateSource(service, constraints),
    ...validateBuild(service, constraints),
    ...validateModules(service, constraints),
    ...validateEnvironments(service, constraints),
    ...validateContainer(service),
    ...validateFiles(service),
    ...validateMetrics(service),
    ...findUnsortedSteps(service),
  ];
}

function findUnsortedSteps({ rollback }: PartiallyParsed<Service>): readonly Finding[] {
  const steps = (rollback?.steps ?? []).filter((weight) => weight !== undefined);
  return steps.some((weight, index) => index > 0 && weight <= (steps[index - 1] as number))
    ? [
        {
          code: 'steps-not-rising',
          path: ['rollback', 'steps'],
          expected: 'ascending weights, such as [5, 10, 25, 50]',
        },
      ]
    : [];
}
