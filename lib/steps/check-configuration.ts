import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScanReport } from '../gate';
import { writeFileAtomic } from '../process';
import { checkWithCheckov } from './clients/checkov';
import { checkWithTrivy } from './clients/trivy';
import type { CheckInput } from './report-cache';

/** Checks configuration files for misconfigurations: `Dockerfile`, or manifests by their path in the ledger. */
export type ConfigurationCheck = (files: ReadonlyMap<string, string>) => Promise<readonly ScanReport[]>;

/**
 * Checks a Dockerfile and manifests with trivy and checkov, which have different checks.
 * @param files text by path: `Dockerfile`, or a path in the ledger
 */
export async function checkConfiguration(files: ReadonlyMap<string, string>): Promise<readonly ScanReport[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-check-'));
  try {
    // The checkers run in the parent folder, so that no checked file can be one of their settings (.checkov.yaml, .trivyignore).
    const directory = join(scratch, 'files');
    for (const [path, text] of files) {
      writeFileAtomic(join(directory, path), text);
    }
    // checkov takes 50 s on two cores for the 2200 files of a hundred services.
    const timeoutSeconds = 300 + files.size / 10;
    const input: CheckInput = { files, directory, scratch, timeoutSeconds };
    return await Promise.all([checkWithTrivy(input), checkWithCheckov(input)]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
