import { severities } from '../catalog';
import type { Observation } from './observation';

/** Merges the same advisory of the same package from several scanners or platforms: the worst severity, reachable if any scanner says so. */
export function mergeObservations(observations: readonly Observation[]): readonly Observation[] {
  const merged: Observation[] = [];
  for (const observation of observations) {
    const names = new Set([observation.id, ...observation.aliases]);
    const index = merged.findIndex(
      (other) => other.package === observation.package && [other.id, ...other.aliases].some((name) => names.has(name)),
    );
    const other = merged[index];
    if (other === undefined) {
      merged.push(observation);
    } else {
      merged[index] = union(other, observation);
    }
  }
  return merged;
}

function union(a: Observation, b: Observation): Observation {
  const known =
    a.severity === 'unknown'
      ? b
      : b.severity === 'unknown'
        ? a
        : severities.indexOf(a.severity) >= severities.indexOf(b.severity)
          ? a
          : b;
  const names = [...new Set([a.id, ...a.aliases, b.id, ...b.aliases])].filter((name) => name !== a.id).sort();
  const fixedIn = a.fixedIn ?? b.fixedIn;
  // The source is the scanner whose severity the finding has; if no scanner knows a severity, the first that reported the finding.
  const source = known.severity === 'unknown' ? a.source : known.source;
  return {
    ...a,
    aliases: names,
    severity: known.severity,
    source,
    reachable: a.reachable || b.reachable,
    fixedIn,
  };
}
