import type { Construct } from 'constructs';
import { manifestsBelow } from '../kubernetes/manifest';
import { checkObjects, type ReportedFinding } from './check-objects';
import { objectInMemory } from './manifests/objects';
import { rules } from './rules';

/** Receives each warning that no annotation accepts, as one sentence. */
export type ReportFinding = (warning: string) => void;

/**
 * Checks every object below a construct against the rules at synth. An error that no annotation accepts fails the synth; a warning is reported.
 * Rules compare objects with each other, so call this on a construct that contains all of a service: its Canary, Deployment and monitors.
 * @param report where warnings go; by default one line each on standard error
 */
export function validateRules(scope: Construct, report: ReportFinding = writeToStandardError): void {
  const reported = new Set<string>();
  scope.node.addValidation({
    validate: () => {
      const findings = openFindings(manifestsBelow(scope));
      for (const warning of findings.filter(({ level }) => level === 'warning').map(describeFinding)) {
        // An app may be validated more than once.
        if (!reported.has(warning)) {
          reported.add(warning);
          report(warning);
        }
      }
      return findings.filter(({ level }) => level === 'error').map(describeFinding);
    },
  });
}

function writeToStandardError(warning: string): void {
  process.stderr.write(`warning ${warning}\n`);
}

/** The findings about rendered manifests that no annotation accepts. */
function openFindings(manifests: readonly object[]): readonly ReportedFinding[] {
  const objects = manifests.flatMap((manifest) => objectInMemory(manifest));
  return checkObjects(objects, rules).filter(({ accepted }) => accepted === undefined);
}

function describeFinding({ rule, object, field, message }: ReportedFinding): string {
  return `${rule} ${object}: ${field}: ${message}`;
}
