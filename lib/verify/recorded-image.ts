import { inconclusive, rejected } from '../errors';
import type { Release } from '../release';
import type { CommitSha, GitRef, ImageRepository } from '../values';
import { platformDifference } from './checks';
import { type RegistryImage, readImage } from './read-image';
import { craneRegistry, type RegistryReader } from './registry';

/** What a record must say about its service. From the catalog and the control plane of the pipeline. */
export interface ReleaseIdentity {
  readonly service: string;
  /** The service's own repository. */
  readonly imageRepository: ImageRepository;
  readonly source: { readonly repository: string; readonly ref: GitRef };
  /** The commit that the pipeline releases. @default any */
  readonly commit?: CommitSha;
}

/** Why a record is not believed. */
export type RecordProblem = {
  readonly code:
    | Extract<RegistryImage, { readonly code: string }>['code']
    | 'other-repository'
    | 'other-source'
    | 'other-ref'
    | 'other-commit'
    | 'platform-mismatch';
  readonly message: string;
};

/**
 * Compares what a record says with the catalog, with the pipeline and with the registry, before a step does anything for it.
 * @throws BowlineError exit 2 with the code of what differs; `registry-mismatch`, `registry-unreachable` (exit 1)
 */
export async function requireRecordedImage(
  release: Release,
  identity: ReleaseIdentity,
  registry: RegistryReader = craneRegistry,
): Promise<void> {
  const { repository, digest } = release.image;
  const stranger = identityProblem(release, identity);
  if (stranger !== undefined) {
    throw rejected(stranger.code as 'other-repository', `${release.service}: ${stranger.message}`);
  }
  const problem = imageProblem(release, await readImage(registry, repository, digest));
  if (problem === undefined) {
    return;
  }
  const message = `${repository}@${digest}: ${problem.message}`;
  throw problem.code === 'registry-mismatch' || problem.code === 'registry-unreachable'
    ? inconclusive(problem.code, message)
    : rejected(problem.code, message);
}

/** What differs between a record and the identity of its service. */
export function identityProblem(
  { image, source }: Pick<Release, 'image' | 'source'>,
  { imageRepository, source: expected, commit }: ReleaseIdentity,
): RecordProblem | undefined {
  const differences: readonly (readonly [RecordProblem['code'], string, string, string])[] = [
    ['other-repository', 'is in', image.repository, imageRepository],
    ['other-source', 'is built from', source.repository, expected.repository],
    ['other-ref', 'is built from', source.ref, expected.ref],
    ['other-commit', 'is built from', source.commit, commit ?? source.commit],
  ];
  const different = differences.find(([, , found, wanted]) => found !== wanted);
  if (different === undefined) {
    return undefined;
  }
  const [code, relation, found, wanted] = different;
  return { code, message: `the image of the record ${relation} ${found}, expected ${wanted}` };
}

/** What differs between a record and the image in the registry. */
export function imageProblem({ image }: Pick<Release, 'image'>, found: RegistryImage): RecordProblem | undefined {
  if (found.kind !== 'image') {
    return { code: found.code, message: found.message };
  }
  const difference = platformDifference(image.platforms, found.platforms);
  return difference === undefined
    ? undefined
    : { code: 'platform-mismatch', message: difference.replace('scanned was', 'the record names') };
}
