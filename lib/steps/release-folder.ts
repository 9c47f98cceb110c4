import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { badInput } from '../errors';
import { type Release, readRecord, writeRecord } from '../release';
import type { Digest } from '../values';

/** What a verb leaves for the next: the folder that becomes its output artifact. */
export interface ReleaseFolder {
  readonly release: Release;
  /** Other files of the folder by path, such as `sbom/linux-amd64.cdx.json`. */
  readonly files: Readonly<Record<string, string>>;
}

/** Writes beside and renames, so that a reader finds a whole file or none. */
export function writeWhole(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.part`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}

/**
 * Writes the folder of a release and the one-line files that become pipeline variables.
 * @returns sha256 of the record: what the next verb must be shown
 */
export function writeReleaseFolder(
  out: string,
  folder: ReleaseFolder,
  exports: Readonly<Record<string, string>> = {},
): Digest {
  const { text, sha256 } = writeRecord(folder.release);
  for (const [path, content] of Object.entries(folder.files)) {
    writeWhole(join(out, path), content);
  }
  writeWhole(join(out, 'release.json'), text);
  const { image } = folder.release;
  const variables = {
    RECORD_SHA256: sha256,
    IMAGE_REPOSITORY: image.repository,
    IMAGE_DIGEST: image.digest,
    PLATFORMS: JSON.stringify(image.platforms),
    ...('verdict' in folder.release ? { VERDICT: folder.release.verdict.outcome } : {}),
    ...exports,
  };
  for (const [name, value] of Object.entries(variables)) {
    writeWhole(join(dirname(out), 'exports', name), `${value}\n`);
  }
  return sha256;
}

/**
 * Reads the record of a folder.
 * @param expected sha256 that the verb before exported
 * @throws BowlineError `record-missing`, RecordError when the record is not the one that was handed on
 */
export function readReleaseFolder(directory: string, expected: Digest): Release {
  const path = join(directory, 'release.json');
  if (!existsSync(path)) {
    throw badInput('record-missing', `there is no release.json in ${directory}: the verb before did not hand one on`);
  }
  return readRecord(readFileSync(path, 'utf8'), expected);
}

/** Reads a file of a folder. @throws BowlineError `release-file-missing` */
export function readReleaseFile(directory: string, name: string): string {
  const path = join(directory, name);
  if (!existsSync(path)) {
    throw badInput('release-file-missing', `there is no ${name} in ${directory}: the verb before did not hand it on`);
  }
  return readFileSync(path, 'utf8');
}
