import type { Timing } from '../arithmetic/assessment';
import type { FaultAssessment } from '../arithmetic/faults';

/** The releases whose exposure has no bound: `slow release`. Undefined if every exposure has one. */
export function describeUnboundedFaults({ unboundedFaults }: Pick<Timing, 'unboundedFaults'>): string | undefined {
  const releases = new Set(unboundedFaults.map(describeRelease));
  return releases.size === 0 ? undefined : [...releases].join(' or ');
}

function describeRelease({ fault, title }: FaultAssessment): string {
  switch (fault) {
    case 'errors-from-start':
    case 'errors-later':
      return 'release with errors';
    case 'slow-from-start':
    case 'slow-later':
      return 'slow release';
    default:
      return `release with the fault "${title}"`;
  }
}
