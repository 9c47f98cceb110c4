import type { Construct } from 'constructs';
import { objectsBelow } from '../kubernetes/manifest';
import { checkObjects, type ReportedFinding } from './check-objects';
import { objectInMemory } from './manifests/objects';
import { rules } from './rules';

/** Hears of what is no reason to stop: a sentence for each warning that nobody has accepted. */
export type ReportFinding = (warning: string) => void;

/**
 * Holds every object under a construct against the rules at synth: an error that nobody has accepted fails it, a warning is told. Rules look
 * at objects together, so it belongs on what holds all of a service: a Canary, its Deployment, its monitors.
 * @param tell where warnings go. Default: a line each on standard error
 */
export function validateRules(scope: Construct, tell: ReportFinding = onStandardError): void {
  const told = new Set<string>();
  scope.node.addValidation({
    validate: () => {
      const open = openFindings(objectsBelow(scope));
      for (const warning of open.filter(({ level }) => level === 'warning').map(sentence)) {
        // An app may be validated more than once.
        if (!told.has(warning)) {
          told.add(warning);
          tell(warning);
        }
      }
      return open.filter(({ level }) => level === 'error').map(sentence);
    },
  });
}

function onStandardError(warning: string): void {
  process.stderr.write(`warning ${warning}\n`);
}

/** What rules have to say about objects that were made here, and nobody has accepted. */
function openFindings(objects: readonly object[]): readonly ReportedFinding[] {
  return checkObjects(
    objects.flatMap((object) => objectInMemory(object)),
    rules,
  ).filter(({ accepted }) => accepted === undefined);
}

function sentence({ rule, object, field, message }: ReportedFinding): string {
  return `${rule} ${object}: ${field}: ${message}`;
}
