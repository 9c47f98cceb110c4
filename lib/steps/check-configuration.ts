import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkovInput, readCheckovReport, readTrivyConfigReport, type ScanReport, unreliableReport } from '../gate';
import { type Outcome, ProgramError, run } from '../process';
import { toolPath } from '../tools';
import { writeWhole } from './release-folder';
import { keptReport } from './report-cache';

/** Looks for mistakes in files: `Dockerfile`, or manifests by their path in the ledger. */
export type ConfigurationCheck = (files: ReadonlyMap<string, string>) => Promise<readonly ScanReport[]>;

/**
 * Mistakes in a Dockerfile and in manifests, by trivy and checkov: two readers that know different things.
 * @param files text by path: `Dockerfile`, or a path of the ledger
 */
export async function checkConfiguration(files: ReadonlyMap<string, string>): Promise<readonly ScanReport[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-check-'));
  try {
    // In a folder of its own: what either would read as its settings (.checkov.yaml, .trivyignore) can only lie beside the files.
    const directory = join(scratch, 'files');
    for (const [path, text] of files) {
      writeWhole(join(directory, path), text);
    }
    return await Promise.all([trivyConfig(files, directory, scratch), checkov(files, directory, scratch)]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function trivyConfig(
  files: ReadonlyMap<string, string>,
  directory: string,
  scratch: string,
): Promise<ScanReport> {
  const program = toolPath('trivy');
  const words = [
    'config',
    '--skip-check-update',
    '--severity',
    'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL',
    '--format',
    'json',
    '--disable-telemetry',
    '--skip-version-check',
    '--quiet',
  ];
  return answer(
    'trivy-config',
    [0],
    files,
    [program, ...words],
    (text) => readTrivyConfigReport(text, [...files.keys()]),
    () =>
      run({
        program,
        arguments: [...words, '--cache-dir', join(scratch, 'trivy'), directory],
        directory: scratch,
        timeoutSeconds: secondsFor(files),
      }),
  );
}

/** A catalog of a hundred services brings 2200 files, which take checkov 50 s on two cores. */
function secondsFor(files: ReadonlyMap<string, string>): number {
  return 300 + files.size / 10;
}

async function checkov(files: ReadonlyMap<string, string>, directory: string, scratch: string): Promise<ScanReport> {
  const input = checkovInput(files);
  if (!input.ok) {
    return unreliableReport('checkov', 'unread-files', input.message);
  }
  const program = toolPath('checkov');
  const frameworks = [...new Set(input.files.map(({ framework }) => framework))].sort();
  // Findings, and the inventory of what it read, which alone tells files without checks from files that it passed over.
  const outputs = ['--output', 'json', '--output', 'cyclonedx_json'];
  const words = ['--framework', ...frameworks, ...outputs, '--quiet', '--compact', '--skip-download'];
  // 1 is how it ends when it found something.
  return answer(
    'checkov',
    [0, 1],
    files,
    [program, ...words],
    (text) => readCheckovReport(text, input.files),
    () =>
      run({
        program,
        arguments: ['--directory', directory, ...words],
        directory: scratch,
        environment: { HOME: scratch, LOG_LEVEL: 'ERROR', CKV_IGNORE_HIDDEN_DIRECTORIES: 'false' },
        timeoutSeconds: secondsFor(files),
      }),
  );
}

/** The report of a checker over these files: kept only where it could be read whole. */
async function answer(
  scanner: 'trivy-config' | 'checkov',
  ends: readonly number[],
  files: ReadonlyMap<string, string>,
  by: readonly string[],
  read: (text: string) => ScanReport,
  check: () => Promise<Outcome>,
): Promise<ScanReport> {
  let failure: ScanReport | undefined;
  const about = [...by, ...[...files].sort(([a], [b]) => (a < b ? -1 : 1)).flat()];
  const text = await keptReport(about, async () => {
    const outcome = await check();
    if (!ends.includes(outcome.exitCode)) {
      failure = unreliableReport(scanner, 'scanner-failed', new ProgramError(scanner, outcome).message);
      return undefined;
    }
    const report = read(outcome.stdout);
    failure = report.ok ? undefined : report;
    return report.ok ? outcome.stdout : undefined;
  });
  return failure ?? read(text ?? '');
}
