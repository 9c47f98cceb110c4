import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { badInput } from '../errors';
import { describeTests } from '../image/tests';
import { writeFileAtomic } from '../process';
import { type FirstStart, type Release, readRecord, writeRecord } from '../release';
import type { Digest } from '../values';

/** The folder that one step writes and the next one reads: the output artifact of a pipeline action. */
export interface ReleaseFolder {
  readonly release: Release;
  /** Other files by path, such as `sbom/linux-amd64.cdx.json`. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Writes the release folder, and beside it one file per pipeline variable.
 * @returns sha256 of the record: the next step gets it as a variable and checks the record against it
 */
export function writeReleaseFolder(
  out: string,
  folder: ReleaseFolder,
  exports: Readonly<Record<string, string>> = {},
): Digest {
  const { text, sha256 } = writeRecord(folder.release);
  for (const [path, content] of Object.entries(folder.files)) {
    writeFileAtomic(join(out, path), content);
  }
  writeFileAtomic(join(out, 'release.json'), text);
  const { image } = folder.release;
  const variables = {
    RECORD_SHA256: sha256,
    IMAGE_REPOSITORY: image.repository,
    IMAGE_DIGEST: image.digest,
    PLATFORMS: JSON.stringify(image.platforms),
    ...('verdict' in folder.release ? { VERDICT: folder.release.verdict.outcome } : {}),
    ...(folder.release.start === undefined ? {} : { START: describeStart(folder.release.start) }),
    TESTS: folder.release.tests === undefined ? 'none' : describeTests(folder.release.tests),
    ...exports,
  };
  for (const [name, value] of Object.entries(variables)) {
    writeFileAtomic(join(dirname(out), 'exports', name), `${value}\n`);
  }
  return sha256;
}

/** The outcome of the first start for people: `started`, `started (warnings: port-closed)`, `skipped: <reason>`. */
function describeStart({ outcome, reason, warnings }: FirstStart): string {
  const codes = warnings.map(({ code }) => code).join(', ');
  return `${outcome}${reason === undefined ? '' : `: ${reason}`}${codes === '' ? '' : ` (warnings: ${codes})`}`;
}

/**
 * Reads the record of a release folder.
 * @param expected sha256 that the previous step exported
 * @throws BowlineError `record-missing` (exit 3), `record-altered`, `record-malformed` (exit 1)
 */
export function readReleaseFolder(directory: string, expected: Digest): Release {
  const path = join(directory, 'release.json');
  if (!existsSync(path)) {
    throw badInput('record-missing', `there is no release.json in ${directory}: the previous step did not write one`);
  }
  return readRecord(readFileSync(path, 'utf8'), expected);
}

/** Reads a file of a release folder. @throws BowlineError `release-file-missing` (exit 3) */
export function readReleaseFile(directory: string, name: string): string {
  const path = join(directory, name);
  if (!existsSync(path)) {
    throw badInput('release-file-missing', `there is no ${name} in ${directory}: the previous step did not write it`);
  }
  return readFileSync(path, 'utf8');
}
