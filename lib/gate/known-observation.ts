import type { Finding } from '../release';
import { equivalentIds } from './advisory-ids';
import { followsCalls, type Observation, requiredScanners, type Scanner, scannerNamed } from './observation';

/**
 * What a signed finding still says when the SBOMs of its release are looked up again: one observation for each scanner that does not run again. Nothing
 * if only scanners of SBOMs reported it, because they report it again or have withdrawn it. Whether a vulnerable function is called stays true of the
 * same program; the severity comes from scanners that run again. A misconfiguration stays as it is, and so does what a scanner of another version of
 * Bowline found: which scanner gave the severity is not signed.
 */
export function knownObservation(finding: Finding): readonly Observation[] {
  const repeated: readonly string[] = requiredScanners('running');
  return finding.sources.filter((name) => !repeated.includes(name)).map((name) => observationBy(name, finding));
}

function observationBy(name: string, finding: Finding): Observation {
  // A scanner of another version of Bowline: its finding counts by its severity.
  const source: Scanner = scannerNamed(name) ?? 'grype';
  const { id, aliases, package: packageName, version, title, reachable, fixedIn, severity } = finding;
  return {
    id,
    aliases: equivalentIds(id, aliases),
    package: packageName,
    version,
    ...(title === undefined ? {} : { title }),
    severity: followsCalls(source) ? 'unknown' : severity,
    ...(fixedIn === undefined ? {} : { fixedIn }),
    source,
    reachable,
  };
}

/** The findings that a release was not released with: advisories that became known since. */
export function findingsSince(signed: readonly Finding[], findings: readonly Finding[]): readonly Finding[] {
  const names = ({ id, aliases }: Finding) => [id, ...aliases];
  return findings.filter(
    (finding) =>
      !signed.some(
        (before) => before.package === finding.package && names(before).some((name) => names(finding).includes(name)),
      ),
  );
}
