import { rejected } from '../../errors';
import type { Scanned } from '../../release';
import { requireSbom } from './require-sbom';

/**
 * Requires that every plain binary of a release was scanned: that scan wrote an SBOM of exactly this file. The verdict covers what has one.
 * @param sboms SBOM text by file name
 * @throws BowlineError `binary-not-scanned` (exit 2), `sbom-altered` or the code of the SBOM's problem (exit 1)
 */
export function requireBinarySboms(
  release: Pick<Scanned, 'binaries' | 'binarySboms'>,
  sboms: Readonly<Record<string, string>>,
): void {
  for (const { file, digest } of release.binaries) {
    const recorded = release.binarySboms[file];
    if (recorded === undefined) {
      throw rejected(
        'binary-not-scanned',
        `${file} has no SBOM in the release record, so nothing scanned it: only scanned binaries are signed. Run scan again`,
      );
    }
    requireSbom({ name: file, text: sboms[file], recorded: recorded.digest, subject: digest, program: `/${file}` });
  }
}
