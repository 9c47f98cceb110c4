import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Platform, Service } from '../../catalog';
import { mustRun } from '../../process';
import type { Reporter } from '../../steps';
import { ensureLocalBaseImages, type LocalBaseImageName } from '../base-images/ensure-base-images';
import { readGoToolchain } from '../base-images/go-toolchain';
import type { LocalServices } from '../services/services';
import type { Databases } from './pipeline-source';
import { isReachable, registryUrl, vulnerabilityFeeds } from './reachable';
import { requiredBaseImages } from './run-catalog';

/** The bases of a run, and why these. */
export interface ChosenBaseImages {
  /** Those that take the place of the catalog's. */
  readonly images: Partial<Record<LocalBaseImageName, string>>;
  readonly why: string;
  /** Version of the Go that the builders among `images` have. */
  readonly go?: string;
}

/** The catalog's own bases where their registries answer, else small ones of this machine. */
export async function chooseBaseImages(
  platform: Platform,
  of: readonly Service[],
  services: LocalServices,
  reporter: Reporter,
): Promise<ChosenBaseImages> {
  const names = [...new Set(of.flatMap((service) => requiredBaseImages(service)))];
  const images = names.map((name) => platform.bases[name]).filter((image) => image !== undefined);
  const answers = await Promise.all([...new Set(images.map(registryUrl))].map(isReachable));
  if (images.length === names.length && answers.every(Boolean)) {
    return { images: {}, why: "the catalog's own, their registries answer" };
  }
  const made = await ensureLocalBaseImages(names, {
    registry: services.registry,
    stateDirectory: services.stateDirectory,
    progress: (line) => reporter.note(line),
  });
  return {
    images: made,
    why: 'small ones made on this machine, since no public registry answers',
    go: (await readGoToolchain()).version,
  };
}

export async function chooseDatabases(): Promise<Databases> {
  const answers = await Promise.all(vulnerabilityFeeds.map(isReachable));
  return answers.every(Boolean) ? 'feed' : 'fixture';
}

/** The bare repository, made where there is none. */
export async function openLedger(path: string, platform: Platform): Promise<string> {
  if (!isUrl(path) && !existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    await mustRun({
      program: 'git',
      arguments: ['init', '--quiet', '--bare', `--initial-branch=${platform.ledger.branch}`, path],
      timeoutSeconds: 30,
    });
  }
  return path;
}

function isUrl(ledger: string): boolean {
  return /^[a-z]+:\/\//.test(ledger);
}

export function addressOf(ledger: string): string {
  return isUrl(ledger) ? ledger : `file://${ledger}`;
}

/** What of this machine stands in for what of AWS. */
export function reportLocalSubstitutes(
  reporter: Reporter,
  to: {
    readonly registry: string;
    readonly endpoint: string;
    readonly ledger: string;
    readonly why: string;
    /** Where public keys come from, if not from the KMS that signs. */
    readonly keys?: string;
    readonly databases: string;
    readonly source: string;
  },
): void {
  reporter.note('In place of AWS, on this machine:');
  for (const [what, where] of [
    ['registry', to.registry],
    ['KMS and S3', to.endpoint],
    ['ledger', to.ledger],
    ['source', to.source],
    ['bases', to.why],
    ...(to.keys === undefined ? [] : [['public keys', to.keys] as const]),
    [
      'vulnerabilities',
      to.databases === 'feed'
        ? "the scanners' feeds"
        : 'the fixture database, since no feed answers: the verdict says nothing about the world',
    ],
  ] as const) {
    reporter.note(`  ${what.padEnd(15)} ${where}`);
  }
}
