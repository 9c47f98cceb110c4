import { resolve } from 'node:path';
import { type SourceFacts, type SourceQuestion, sourceFactsSchema } from '../../image';
import { mustRunTool } from '../../process';
import { toolPath } from '../../tools';

/** The reader takes a second for the largest repositories. */
const timeoutSeconds = 120;

/**
 * Asks tools/go/source-reader about a checkout. It reads only files of the checkout, and needs no network.
 * @throws ProgramError when the checkout cannot be read. An error in the source is a fact, not an error.
 */
export async function readSourceFacts(question: SourceQuestion): Promise<SourceFacts> {
  const { stdout } = await mustRunTool({
    program: toolPath('source-reader'),
    arguments: [],
    input: JSON.stringify({ main: '.', vendor: 'auto', ...question, checkout: resolve(question.checkout) }),
    timeoutSeconds,
  });
  return sourceFactsSchema.parse(JSON.parse(stdout));
}
