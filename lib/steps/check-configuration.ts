import { join } from 'node:path';
import { findSuppressions, inconclusiveReport, listPaths, type ScanReport } from '../gate';
import { withTemporaryFolder, writeFileAtomic } from '../process';
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
  const suppressions = findSuppressions(files);
  if (suppressions.length > 0) {
    const message = `expected no comment that turns a check off, found ${listPaths(suppressions)}: accept risks in accepted-risks.yaml only`;
    return (['trivy-config', 'checkov'] as const).map((scanner) =>
      inconclusiveReport(scanner, 'skipped-checks', message),
    );
  }
  return withTemporaryFolder('check', async (directory) => {
    for (const [path, text] of files) {
      writeFileAtomic(join(directory, path), text);
    }
    // checkov takes 50 s on two cores for the 2200 files of a hundred services.
    const timeoutSeconds = 300 + files.size / 10;
    const input: CheckInput = { files, directory, timeoutSeconds };
    return Promise.all([checkWithTrivy(input), checkWithCheckov(input)]);
  });
}
