import { parseAllDocuments } from 'yaml';
import { type LedgerLocation, parseLedgerPath, parseReleaseInput, releasePath, withRepository } from '../../ledger';
import type { ImageReference } from '../../values';

/** A release that an environment runs, as HEAD of the ledger says. */
export interface RunningRelease {
  readonly environment: string;
  readonly service: string;
  readonly image: ImageReference;
}

/** Something that runs, or may run, and is no release: what it is, is not known. */
export interface UnknownRelease {
  readonly environment: string;
  readonly service: string;
  readonly code: 'unreadable-release' | 'release-missing' | 'manifest-differs';
  readonly problem: string;
}

/** What all environments run at HEAD of a ledger. */
export interface RunningReleases {
  /** Undefined if the ledger has no commits. */
  readonly commit: string | undefined;
  readonly releases: readonly (RunningRelease | UnknownRelease)[];
  /** The environments of the ledger, also those without a release. Undefined in a list between two jobs. */
  readonly environments?: readonly string[];
}

/**
 * Reads what runs: the release of each service, and whether its manifests, which are what a cluster applies, have the image of the release and no other.
 * @throws BowlineError if the ledger cannot be read
 */
export async function readRunningReleases(ledger: LedgerLocation): Promise<RunningReleases> {
  const { commit, files } = await withRepository(ledger, (repository) =>
    repository.read(['environments/', 'releases/', 'apps/', 'manifests/']),
  );
  const environments = [...files.keys()].flatMap((path) => {
    const file = parseLedgerPath(path);
    return file?.kind === 'environment' ? [file.environment] : [];
  });
  return { commit, releases: findRunning(files), environments };
}

/** What the files of a ledger run. Pure. */
export function findRunning(files: ReadonlyMap<string, string>): readonly (RunningRelease | UnknownRelease)[] {
  const services = new Map<string, { environment: string; service: string; release?: string; manifests: string[] }>();
  for (const [path, text] of files) {
    const file = parseLedgerPath(path);
    if (file === undefined || !('service' in file)) {
      continue;
    }
    const { environment, service } = file;
    const key = releasePath(environment, service);
    const found = services.get(key) ?? { environment, service, manifests: [] };
    services.set(key, found);
    if (file.kind === 'release') {
      found.release = text;
    } else if (file.kind === 'manifest') {
      found.manifests.push(text);
    }
  }
  return [...services.values()].map(readService);
}

function readService({
  environment,
  service,
  release,
  manifests,
}: {
  readonly environment: string;
  readonly service: string;
  readonly release?: string;
  readonly manifests: readonly string[];
}): RunningRelease | UnknownRelease {
  const about = { environment, service };
  if (release === undefined) {
    return {
      ...about,
      code: 'release-missing',
      problem: `the ledger has manifests of ${service} for ${environment} and no release file: somebody has removed it, or has written the manifests by hand`,
    };
  }
  let image: ImageReference;
  try {
    image = parseReleaseInput(environment, service, release).image;
  } catch (error) {
    return {
      ...about,
      code: 'unreadable-release',
      problem: error instanceof Error ? error.message : String(error),
    };
  }
  const others = imagesIn(manifests).filter((found) => found !== image);
  return others.length === 0
    ? { ...about, image }
    : {
        ...about,
        code: 'manifest-differs',
        problem: `the release is ${image}, and the manifests run ${[...new Set(others)].join(', ')}: somebody has written them by hand. Run "bowline publish --rerender"`,
      };
}

/** The images in manifests: the values of each field `image`, wherever it is. */
function imagesIn(manifests: readonly string[]): readonly string[] {
  return manifests.filter((text) => text.includes('image')).flatMap(imagesInManifest);
}

function imagesInManifest(text: string): readonly string[] {
  const unknown = ['something that cannot be read'];
  try {
    return parseAllDocuments(text).flatMap((document) =>
      document.errors.length > 0 ? unknown : imagesOf(document.toJS()),
    );
  } catch {
    // Too many aliases.
    return unknown;
  }
}

function imagesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap(imagesOf);
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, field]) =>
    name === 'image' && typeof field === 'string' ? [field] : imagesOf(field),
  );
}

/** What runs in several environments with the same evidence: it is judged once. */
export interface RunningImage {
  readonly service: string;
  readonly image: ImageReference;
  /** The environment class whose key must have signed. */
  readonly class: string;
  readonly environments: readonly string[];
}

/**
 * Groups releases by service, image and environment class.
 * @param classOf the class of an environment
 */
export function groupReleases(
  releases: readonly RunningRelease[],
  classOf: (environment: string) => string,
): readonly RunningImage[] {
  const groups = new Map<string, RunningImage>();
  for (const { environment, service, image } of releases) {
    const key = JSON.stringify([service, image, classOf(environment)]);
    const environments = [...(groups.get(key)?.environments ?? []), environment];
    groups.set(key, { service, image, class: classOf(environment), environments });
  }
  return [...groups.values()];
}
