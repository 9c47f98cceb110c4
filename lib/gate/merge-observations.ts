import { severities } from '../catalog';
import { equivalentIds, identifyVulnerabilities } from './advisory-ids';
import { compareScanners, followsCalls, type Observation, type Scanner } from './observation';

/** One advisory of one package, as all scanners and platforms together know it. */
export interface MergedObservation extends Observation {
  /** The scanners that reported it, in the order of the table of scanners. */
  readonly sources: readonly Scanner[];
}

/**
 * Merges the observations of each vulnerability, which `identifyVulnerabilities` recognizes. The result does not depend on their order: `mergeTwo` is
 * commutative and associative, and the results are sorted.
 */
export function mergeObservations(observations: readonly Observation[]): readonly MergedObservation[] {
  const vulnerabilities = identifyVulnerabilities(observations);
  const merged = new Map<string, MergedObservation>();
  for (const observation of observations) {
    const key = vulnerabilities.get(observation)?.key ?? '';
    const before = merged.get(key);
    merged.set(key, before === undefined ? alone(observation) : mergeTwo(before, alone(observation)));
  }
  return [...merged.values()].sort(
    (a, b) =>
      compareText(a.package, b.package) ||
      compareText(a.id, b.id) ||
      compareText(a.aliases.join(' '), b.aliases.join(' ')),
  );
}

/** An observation that is merged with no other. */
function alone(observation: Observation): MergedObservation {
  return { ...observation, aliases: otherNames(observation.id, observation), sources: [observation.source] };
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
  return [...equivalentIds(id, observations.flatMap(namesOf))].sort();
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
