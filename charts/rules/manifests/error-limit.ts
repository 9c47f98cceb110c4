import { findByKind, readMetrics } from './canaries';
import type { LocatedObject } from './objects';

/** The article's limit, for Canaries whose metrics do not say what they are. */
const otherwise = 0.01;

/** Share of failed requests that a Canary allows, 0 to 1: what the range of its metric of errors, or of successes, says. */
export function readErrorLimit(canary: LocatedObject, objects: readonly LocatedObject[]): number {
  for (const metric of readMetrics(canary)) {
    const bound = (side: 'min' | 'max') => {
      const value = canary.get(...metric.path, 'thresholdRange', side);
      return typeof value === 'number' ? value : undefined;
    };
    const template = metric.template?.name;
    const query = findByKind(objects, 'MetricTemplate', 'flagger.app')
      .find(({ name }) => name === template)
      ?.get('spec', 'query');
    const about = `${metric.name} ${template ?? ''}`;
    const { min, max } = { min: bound('min'), max: bound('max') };
    if (/success|availability/i.test(about) && min !== undefined && max === undefined) {
      const share = 1 - asShare(min, min > 1);
      return share > 0 && share < 1 ? share : otherwise;
    }
    if (/error|fail|5xx/i.test(about) && max !== undefined) {
      const share = asShare(
        max,
        max > 1 || /percent/i.test(about) || /\b100\s*\*|\*\s*100\b/.test(String(query ?? '')),
      );
      return share > 0 && share < 1 ? share : otherwise;
    }
  }
  return otherwise;
}

function asShare(value: number, percent: boolean): number {
  return percent ? value / 100 : value;
}
