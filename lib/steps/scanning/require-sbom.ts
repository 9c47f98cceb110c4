import { inconclusive } from '../../errors';
import { checkSbom } from '../../gate';
import { type Digest, digestOf } from '../../values';

/** An SBOM that scan wrote, and what it must say. */
export interface ScannedSbom {
  /** The platform of an image; the file name of a binary. */
  readonly name: string;
  readonly text: string | undefined;
  /** The digest that scan recorded. */
  readonly recorded: Digest;
  /** The digest of the artifact. */
  readonly subject: Digest;
  /** The path of the program that the SBOM must describe. */
  readonly program: string;
}

/**
 * Requires that an SBOM is the one that scan recorded, and that it describes the artifact.
 * @throws BowlineError `sbom-altered` or the code of the SBOM's problem (exit 1)
 */
export function requireSbom({ name, text, recorded, subject, program }: ScannedSbom): void {
  if (text === undefined || digestOf(text) !== recorded) {
    throw inconclusive('sbom-altered', `the SBOM of ${name} is not the one that the scan step wrote`);
  }
  const checked = checkSbom(text, subject, program);
  if (!checked.ok) {
    throw inconclusive(checked.problem.code, `${name}: ${checked.problem.message}`);
  }
}
