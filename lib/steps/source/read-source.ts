import { existsSync } from 'node:fs';
import type { Service } from '../../catalog';
import { badInput } from '../../errors';
import { type SourceFacts, type SourceQuestion, sourceQuestion } from '../../image';
import { readSourceFacts } from '../clients/source-reader';
import { findEmptySubmodules } from './empty-submodules';

/**
 * Reads the facts about the source of a service: its modules, its main package, and the files that it embeds.
 * @param checkout the root of the service's repository
 * @param changes what a pipeline does not have, although the checkout does
 * @throws BowlineError `input` when the checkout does not exist
 * @throws ProgramError when it cannot be read. An error in the source is a fact: `createImageRecipe` reports it.
 */
export async function readSource(
  checkout: string,
  service: Service,
  changes: Pick<SourceQuestion, 'ignoreWorkspace' | 'vendor'> = {},
): Promise<SourceFacts> {
  if (!existsSync(checkout)) {
    throw badInput('input', `the source ${checkout} does not exist`);
  }
  const facts = await readSourceFacts({ ...sourceQuestion(service, checkout), ...changes });
  return { ...facts, emptySubmodules: [...(await findEmptySubmodules(checkout))] };
}
