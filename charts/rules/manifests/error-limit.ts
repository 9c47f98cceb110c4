import { readMetrics } from './canaries';
import { findByKind } from './find-objects';
import type { LocatedObject } from './objects';

/** The limit of Canaries whose metrics do not state one. */
const defaultErrorLimit = 0.01;

/**
 * The share of failed requests that a Canary allows, 0 to 1: from the threshold range of its first metric of errors or of successes. The names of
 * the metric and of its template tell which one it is.
 */
export function readErrorLimit(canary: LocatedObject, objects: readonly LocatedObject[]): number {
  for (const metric of readMetrics(canary)) {
    const boundAt = (side: 'min' | 'max') => {
      const value = canary.get(...metric.path, 'thresholdRange', side);
      return typeof value === 'number' ? value : undefined;
    };
    const [min, max] = [boundAt('min'), boundAt('max')];
    const names = `${metric.name} ${metric.template?.name ?? ''}`;
    if (/success|availability/i.test(names) && min !== undefined && max === undefined) {
      return shareOrDefault(1 - (min > 1 ? min / 100 : min));
    }
    if (/error|fail|5xx/i.test(names) && max !== undefined) {
      const isPercent = max > 1 || /percent/i.test(names) || multipliesBy100(metric.template?.name, objects);
      return shareOrDefault(isPercent ? max / 100 : max);
    }
  }
  return defaultErrorLimit;
}

function multipliesBy100(template: string | undefined, objects: readonly LocatedObject[]): boolean {
  const query = findByKind(objects, 'MetricTemplate', 'flagger.app')
    .find(({ name }) => name === template)
    ?.get('spec', 'query');
  return /\b100\s*\*|\*\s*100\b/.test(String(query ?? ''));
}

function shareOrDefault(share: number): number {
  return share > 0 && share < 1 ? share : defaultErrorLimit;
}
