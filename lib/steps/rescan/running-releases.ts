import { type LedgerLocation, parseLedgerPath, parseReleaseInput, withRepository } from '../../ledger';
import type { ImageReference } from '../../values';

/** A release that an environment runs, as HEAD of the ledger says. */
export interface RunningRelease {
  readonly environment: string;
  readonly service: string;
  readonly image: ImageReference;
}

/** A release file that cannot be read: what runs there is not known. */
export interface UnreadableRelease {
  readonly environment: string;
  readonly service: string;
  readonly problem: string;
}

/** What all environments run at HEAD of a ledger. */
export interface RunningReleases {
  /** Undefined if the ledger has no commits. */
  readonly commit: string | undefined;
  readonly releases: readonly (RunningRelease | UnreadableRelease)[];
}

/** Reads what runs. @throws BowlineError if the ledger cannot be read */
export async function readRunningReleases(ledger: LedgerLocation): Promise<RunningReleases> {
  const { commit, files } = await withRepository(ledger, (repository) => repository.read(['releases/']));
  return { commit, releases: [...files].flatMap(([path, text]) => readRelease(path, text)) };
}

function readRelease(path: string, text: string): readonly (RunningRelease | UnreadableRelease)[] {
  const file = parseLedgerPath(path);
  if (file?.kind !== 'release') {
    return [];
  }
  const { environment, service } = file;
  try {
    return [{ environment, service, image: parseReleaseInput(environment, service, text).image }];
  } catch (error) {
    return [{ environment, service, problem: error instanceof Error ? error.message : String(error) }];
  }
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
