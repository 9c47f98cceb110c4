import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inconclusiveReport, type Scanner, type ScanReport } from '../gate';
import { type Outcome, ProgramError, writeFileAtomic } from '../process';
import { cacheDirectory } from '../tools';

/** Configuration files to check. */
export interface CheckInput {
  /** Text by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Folder with the same files. */
  readonly directory: string;
  readonly timeoutSeconds: number;
}

/** A run of a checker whose report depends only on its command and the files: its checks come with the program, not from a feed. */
export interface CacheableCheck {
  readonly scanner: Scanner;
  /** The program by its pinned path, and its arguments. */
  readonly command: readonly string[];
  /** Text by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Exit codes of a complete run. */
  readonly exitCodes: readonly number[];
  readonly run: () => Promise<Outcome>;
  readonly parse: (stdout: string) => ScanReport;
}

const keepDays = 30;

/** The report of an earlier run with the same command and files, or of a new run. An inconclusive report is not cached. */
export async function cachedReport(
  check: CacheableCheck,
  directory = join(cacheDirectory(), 'reports'),
): Promise<ScanReport> {
  const path = join(directory, `${cacheKey(check)}.json`);
  if (existsSync(path)) {
    return check.parse(readFileSync(path, 'utf8'));
  }
  const outcome = await check.run();
  if (!check.exitCodes.includes(outcome.exitCode)) {
    return inconclusiveReport(check.scanner, 'scanner-failed', new ProgramError(check.scanner, outcome).message);
  }
  const report = check.parse(outcome.stdout);
  if (report.ok) {
    mkdirSync(directory, { recursive: true });
    removeOldReports(directory);
    writeFileAtomic(path, outcome.stdout);
  }
  return report;
}

function cacheKey({ command, files }: CacheableCheck): string {
  const hash = createHash('sha256');
  const sortedFiles = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const part of [...command, ...sortedFiles.flat()]) {
    // The length separates the parts, so that no two lists of parts have the same bytes.
    hash.update(`${Buffer.byteLength(part)}\0${part}`);
  }
  return hash.digest('hex');
}

function removeOldReports(directory: string): void {
  const oldest = Date.now() - keepDays * 24 * 3600 * 1000;
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (modified !== undefined && modified < oldest) {
      rmSync(path, { force: true });
    }
  }
}
