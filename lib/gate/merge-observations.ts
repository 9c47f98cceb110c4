import { severities } from '../catalog';
import { compareScanners, followsCalls, type Observation, type Scanner } from './observation';

/** One advisory of one package, as all scanners and platforms together know it. */
export interface MergedObservation extends Observation {
  /** The scanners that reported it, in the order of the table of scanners. */
  readonly sources: readonly Scanner[];
}

/**
 * Merges observations of the same package whose names (id and aliases) are connected, also through a third observation. The result does not
 * depend on their order: `mergeTwo` is commutative and associative, and the results are sorted.
 */
export function mergeObservations(observations: readonly Observation[]): readonly MergedObservation[] {
  const merged: MergedObservation[] = [];
  for (const observation of observations) {
    let union = alone(observation);
    // An observation can connect several that had no name in common before.
    for (let index = merged.length - 1; index >= 0; index--) {
      const other = merged[index];
      if (other !== undefined && haveCommonName(other, observation)) {
        merged.splice(index, 1);
        union = mergeTwo(union, other);
      }
    }
    merged.push(union);
  }
  return merged.sort((a, b) => compareText(a.package, b.package) || compareText(a.id, b.id));
}

/** An observation that is merged with no other. */
function alone(observation: Observation): MergedObservation {
  return { ...observation, aliases: otherNames(observation.id, observation), sources: [observation.source] };
}

function haveCommonName(a: Observation, b: Observation): boolean {
  const names = new Set(namesOf(a));
  return a.package === b.package && namesOf(b).some((name) => names.has(name));
}

/**
 * Merges two observations of one advisory. Commutative, associative and idempotent, because each field is:
 * - `severity`, `source`, `id`, `version`, `path` and `title` belong together and come from the greater one in a total order (`compareWeight`)
 * - `aliases` and `sources` are unions
 * - `reachable` is true if any scanner says so
 * - `fixedIn` is the latest version that any scanner names
 */
export function mergeTwo(a: MergedObservation, b: MergedObservation): MergedObservation {
  const main = compareWeight(a, b) >= 0 ? a : b;
  return {
    ...main,
    aliases: otherNames(main.id, a, b),
    sources: [...new Set([...a.sources, ...b.sources])].sort(compareScanners),
    reachable: a.reachable || b.reachable,
    fixedIn: latest(a.fixedIn, b.fixedIn),
  };
}

/**
 * A total order over all fields that one observation gives to the merged one. The worst severity is the greatest, and an unknown one the least.
 * Where severities are equal, a scanner that follows calls knows most, then the table of scanners decides.
 */
function compareWeight(a: Observation, b: Observation): number {
  return (
    severityRank(a) - severityRank(b) ||
    Number(followsCalls(a.source)) - Number(followsCalls(b.source)) ||
    compareScanners(b.source, a.source) ||
    compareText(b.id, a.id) ||
    compareText(b.version, a.version) ||
    compareText(b.path ?? '', a.path ?? '') ||
    compareText(b.title ?? '', a.title ?? '')
  );
}

function severityRank({ severity }: Observation): number {
  return severity === 'unknown' ? -1 : severities.indexOf(severity);
}

function otherNames(id: string, ...observations: readonly Observation[]): readonly string[] {
  return [...new Set(observations.flatMap(namesOf))].filter((name) => name !== id).sort();
}

function namesOf({ id, aliases }: Observation): readonly string[] {
  return [id, ...aliases];
}

/** The later of two versions by their numbers. Of equal ones, such as `0.33.0` and `v0.33.0`, the first by text. */
function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) {
    return a ?? b;
  }
  const [numbersOfA, numbersOfB] = [numbersIn(a), numbersIn(b)];
  for (let index = 0; index < Math.max(numbersOfA.length, numbersOfB.length); index++) {
    const difference = (numbersOfA[index] ?? -1) - (numbersOfB[index] ?? -1);
    if (difference !== 0) {
      return difference > 0 ? a : b;
    }
  }
  return a <= b ? a : b;
}

function numbersIn(version: string): readonly number[] {
  return (version.match(/\d+/g) ?? []).map(Number);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
