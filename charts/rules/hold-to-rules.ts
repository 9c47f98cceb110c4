import type { Construct } from 'constructs';
import { objectsBelow } from '../kubernetes/manifest';
import { judge } from './judge';
import { objectInMemory } from './objects';
import { rules } from './rules';

/**
 * Holds every object under a construct against the rules at synth: an error that nobody has accepted fails it. Rules look at objects
 * together, so it belongs on what holds all of a service: a Canary, its Deployment, its monitors.
 */
export function holdToRules(scope: Construct): void {
  scope.node.addValidation({ validate: () => brokenRules(objectsBelow(scope)) });
}

/** What is wrong with objects that were made here: a line for each error that nobody has accepted. */
export function brokenRules(objects: readonly object[]): string[] {
  return judge(
    objects.flatMap((object) => objectInMemory(object)),
    rules,
  )
    .filter(({ level, accepted }) => level === 'error' && accepted === undefined)
    .map(({ rule, object, field, message }) => `${rule} ${object}: ${field}: ${message}`);
}
