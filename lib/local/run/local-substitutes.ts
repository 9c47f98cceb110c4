import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Platform, Service } from '../../catalog';
import { gitCommand, mustRun } from '../../process';
import type { DatabaseOrigin } from '../../release';
import type { Reporter } from '../../steps';
import { ensureLocalBaseImages, type LocalBaseImageName, withGit } from '../base-images/ensure-base-images';
import { readGoToolchain } from '../base-images/go-toolchain';
import type { LocalServices } from '../services/services';
import { requiredBaseImages } from './run-catalog';

/** The base images of a run. */
export interface ChosenBaseImages {
  /** Local images that replace those of the catalog. */
  readonly images: Partial<Record<LocalBaseImageName, string>>;
  readonly reason: string;
  /** Version of Go in the local builder images. */
  readonly go?: string;
}

/** Chooses the catalog's base images when their registries are reachable, and otherwise builds small ones on this machine. */
export async function chooseBaseImages({
  platform,
  services,
  local,
  reporter,
}: {
  readonly platform: Platform;
  readonly services: readonly Service[];
  readonly local: LocalServices;
  readonly reporter: Reporter;
}): Promise<ChosenBaseImages> {
  const names = [...new Set(services.flatMap((service) => requiredBaseImages(service)))];
  const images = names.map((name) => platform.bases[name]).filter((image) => image !== undefined);
  const reachable = await Promise.all([...new Set(images.map(registryUrl))].map(isReachable));
  if (images.length === names.length && reachable.every(Boolean)) {
    return { images: {}, reason: "the catalog's base images: their registries are reachable" };
  }
  const localName = services.some(fetchesFromGit) ? withGit : (name: LocalBaseImageName) => name;
  const built = await ensureLocalBaseImages(names.map(localName), {
    registry: local.registry,
    stateDirectory: local.stateDirectory,
    progress: (line) => reporter.note(line),
  });
  return {
    images: Object.fromEntries(names.map((name) => [name, built[localName(name)]])),
    reason: 'small images built on this machine: no public registry is reachable',
    go: (await readGoToolchain()).version,
  };
}

/** Whether the build of a service fetches modules from git hosts, for which Go runs git. */
function fetchesFromGit({ build }: Service): boolean {
  return build.modules !== undefined && build.modules.proxy === undefined;
}

/** The feeds of the scanners. */
const vulnerabilityFeeds = [
  'https://grype.anchore.io/databases/v6/latest.json',
  'https://vuln.go.dev/index/db.json',
  'https://mirror.gcr.io/v2/',
] as const;

/** Chooses the scanners' feeds when all of them are reachable, and otherwise the fixture databases. */
export async function chooseDatabases(): Promise<DatabaseOrigin> {
  const reachable = await Promise.all(vulnerabilityFeeds.map(isReachable));
  return reachable.every(Boolean) ? 'feed' : 'fixture';
}

/** The URL at which an image's registry answers. Docker Hub's images have another host name than its registry. */
function registryUrl(image: string): string {
  const host = image.split('/')[0] ?? '';
  return `https://${host === 'docker.io' ? 'registry-1.docker.io' : host}/v2/`;
}

/** Whether a URL answers within three seconds. A request for credentials counts as an answer. */
async function isReachable(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(3000), redirect: 'manual' });
    return response.status < 500;
  } catch {
    return false;
  }
}

/** Creates the ledger, a bare repository, unless `ledger` is a URL or exists. */
export async function ensureLedger(ledger: string, platform: Platform): Promise<string> {
  if (!isUrl(ledger) && !existsSync(ledger)) {
    mkdirSync(dirname(ledger), { recursive: true });
    const words = ['init', '--quiet', '--bare', '--template=', '--object-format=sha1'];
    await mustRun(
      gitCommand([...words, `--initial-branch=${platform.ledger.branch}`, '--', ledger], {
        directory: process.cwd(),
        timeoutSeconds: 30,
      }),
    );
  }
  return ledger;
}

/** The URL of a ledger by path or URL. */
export function ledgerUrl(ledger: string): string {
  return isUrl(ledger) ? ledger : `file://${ledger}`;
}

function isUrl(ledger: string): boolean {
  return /^[a-z]+:\/\//.test(ledger);
}

/** What the local run uses in place of AWS and of public services. */
export interface LocalSubstitutes {
  readonly registry: string;
  /** Endpoint of the local AWS. */
  readonly endpoint: string;
  readonly ledger: string;
  /** Which base images are used, and why. */
  readonly baseImages: string;
  /** Where the public keys come from. @default the KMS that signs, not reported */
  readonly keys?: string;
  readonly databases: DatabaseOrigin;
  /** The checkout of the service. */
  readonly source: string;
}

/** Reports what the local run uses in place of AWS and of public services. */
export function reportLocalSubstitutes(reporter: Reporter, substitutes: LocalSubstitutes): void {
  const { registry, endpoint, ledger, baseImages, keys, databases, source } = substitutes;
  const lines: (readonly [label: string, text: string])[] = [
    ['registry', registry],
    ['KMS and S3', endpoint],
    ['ledger', ledger],
    ['source', source],
    ['base images', baseImages],
  ];
  if (keys !== undefined) {
    lines.push(['public keys', keys]);
  }
  lines.push([
    'vulnerabilities',
    databases === 'feed'
      ? "the scanners' feeds"
      : 'the fixture databases, since no feed is reachable: the verdict is no evidence that the image is free of known vulnerabilities',
  ]);
  reporter.note('This run uses, in place of AWS:');
  for (const [label, text] of lines) {
    reporter.note(`  ${label.padEnd(15)} ${text}`);
  }
}
