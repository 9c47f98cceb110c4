import type { Digest, ImagePlatform, ImageRepository } from '../values';
import { type IndexEntry, type ManifestProblem, parseConfigDigest, parseImage, parsePlatform } from './image-index';
import { checkedContent, type RegistryAnswer, type RegistryReader } from './registry';

/** What the registry has for the digest of an image: the image of each platform, or why that is not known or no evidence. */
export type RegistryImage =
  | { readonly kind: 'image'; readonly platforms: Readonly<Partial<Record<ImagePlatform, Digest>>> }
  | ImageProblem;

export interface ImageProblem {
  /** `unknown`: there is no answer, or not the content of the digest. `problem`: the registry has no such image, or it is no evidence. */
  readonly kind: 'unknown' | 'problem';
  readonly code: ManifestProblem['code'] | 'image-missing' | 'registry-mismatch' | 'registry-unreachable';
  readonly message: string;
}

/** Reads an image by digest, the manifest of each platform, and their configurations. Every byte is hashed here. */
export async function readImage(
  unchecked: RegistryReader,
  repository: ImageRepository,
  digest: Digest,
): Promise<RegistryImage> {
  const registry = hashing(unchecked);
  const answer = await registry.manifest(repository, digest);
  if (answer.kind !== 'content') {
    return failed(answer, `${repository}@${digest}`);
  }
  const parsed = parseImage(answer.text);
  switch (parsed.kind) {
    case 'problem':
      return { kind: 'problem', ...parsed.problem };
    case 'single': {
      const platform = await readPlatform(registry, repository, parsed.config);
      return typeof platform === 'string' ? { kind: 'image', platforms: { [platform]: digest } } : platform;
    }
    case 'index': {
      const problems = await Promise.all(parsed.entries.map((entry) => readEntry(registry, repository, entry)));
      const platforms = Object.fromEntries(parsed.entries.map(({ platform, digest: image }) => [platform, image]));
      return problems.find((each) => each !== undefined) ?? { kind: 'image', platforms };
    }
  }
}

async function readEntry(
  registry: RegistryReader,
  repository: ImageRepository,
  { platform, digest, mediaType }: IndexEntry,
): Promise<ImageProblem | undefined> {
  const answer = await registry.manifest(repository, digest);
  if (answer.kind !== 'content') {
    return failed(answer, `${platform} (${digest})`);
  }
  const config = parseConfigDigest(answer.text, mediaType);
  if (config === undefined) {
    return {
      kind: 'problem',
      code: 'image-malformed',
      message: `${platform}: ${digest} is not the manifest of an image of the media type ${mediaType}`,
    };
  }
  const found = await readPlatform(registry, repository, config);
  if (typeof found !== 'string') {
    return found;
  }
  return found === platform
    ? undefined
    : {
        kind: 'problem',
        code: 'image-malformed',
        message: `the index names ${digest} as ${platform}, and it is for ${found}`,
      };
}

async function readPlatform(
  registry: RegistryReader,
  repository: ImageRepository,
  config: Digest,
): Promise<ImagePlatform | ImageProblem> {
  const answer = await registry.blob(repository, config);
  if (answer.kind !== 'content') {
    return failed(answer, `the image configuration ${config}`);
  }
  return (
    parsePlatform(answer.text) ?? {
      kind: 'problem',
      code: 'platform-unknown',
      message: `the image configuration ${config} names no platform that this project builds for`,
    }
  );
}

/** Hashes what a reader returns, whoever it is. */
function hashing(registry: RegistryReader): RegistryReader {
  const checked = (answer: RegistryAnswer, digest: Digest) =>
    answer.kind === 'content' ? checkedContent(answer.text, digest) : answer;
  return {
    manifest: async (repository, digest) => checked(await registry.manifest(repository, digest), digest),
    blob: async (repository, digest) => checked(await registry.blob(repository, digest), digest),
  };
}

function failed(answer: Exclude<RegistryAnswer, { kind: 'content' }>, what: string): ImageProblem {
  switch (answer.kind) {
    case 'absent':
      return { kind: 'problem', code: 'image-missing', message: `the registry has no ${what}` };
    case 'altered':
      return { kind: 'unknown', code: 'registry-mismatch', message: `${what}: ${answer.message}` };
    case 'unknown':
      return { kind: 'unknown', code: 'registry-unreachable', message: `${what}: ${answer.message}` };
  }
}
