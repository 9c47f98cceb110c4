import { type SourceFacts, sourceFactsSchema } from '../../image';
import { mustRun } from '../../process';
import { toolPath } from '../../tools';

/** A program in a checkout, and how it is built. */
export interface SourceQuestion {
  /** The root of the repository. Nothing above it is read. */
  readonly checkout: string;
  /** The folder of go.mod, relative to the checkout. */
  readonly directory: string;
  /** The main package, relative to the folder of go.mod. @default . */
  readonly main?: string;
  readonly targets: readonly { readonly os: string; readonly arch: string; readonly cgo: boolean }[];
  /** Build tags. */
  readonly tags?: readonly string[];
  /** GOEXPERIMENT */
  readonly experiments?: readonly string[];
  /** GOAMD64 */
  readonly amd64?: string;
  /** @default auto */
  readonly vendor?: 'auto' | 'always' | 'never';
  /** Additional files and folders to list, relative to the folder of go.mod. */
  readonly paths?: readonly string[];
}

/** The reader takes a second for the largest repositories. */
const timeoutSeconds = 120;

/**
 * Asks tools/go/source-reader about a checkout. It reads only files of the checkout, and needs no network.
 * @throws ProgramError when the checkout cannot be read. An error in the source is a fact, not an error.
 */
export async function readSourceFacts(question: SourceQuestion): Promise<SourceFacts> {
  const { stdout } = await mustRun({
    program: toolPath('source-reader'),
    arguments: [],
    input: JSON.stringify({ main: '.', vendor: 'auto', ...question }),
    timeoutSeconds,
  });
  return sourceFactsSchema.parse(JSON.parse(stdout));
}
