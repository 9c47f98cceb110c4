import { z } from 'zod';
import { inconclusive } from '../../errors';
import { mustRun, ProgramError, retryTransient, run } from '../../process';
import { toolPath } from '../../tools';
import { type Digest, digest, digestOf, type ImageReference, type ImageRepository, imageReference } from '../../values';

const descriptorSchema = z.object({
  digest: z.string(),
  platform: z.object({ os: z.string(), architecture: z.string() }).optional(),
});

const manifestSchema = z.object({
  mediaType: z.string().optional(),
  manifests: z.array(descriptorSchema).optional(),
  config: z.object({ size: z.number() }).optional(),
  layers: z.array(z.object({ size: z.number() })).optional(),
});

/**
 * Whether a registry is reached over http: one on this machine, or one in `BOWLINE_INSECURE_REGISTRIES` (hosts with their ports, separated by
 * commas). Every other registry must use https.
 * @param reference an image or a repository, with its host
 */
export function usesHttp(reference: string, environment: NodeJS.ProcessEnv = process.env): boolean {
  const [host = ''] = reference.split('/');
  const insecure = (environment.BOWLINE_INSECURE_REGISTRIES ?? '').split(',').map((name) => name.trim());
  return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]+)?$/.test(host) || (host !== '' && insecure.includes(host));
}

/** BuildKit's options for the registry's protocol, for an output or a cache. */
export function protocolOptions(repository: ImageRepository): readonly string[] {
  return usesHttp(repository) ? ['registry.insecure=true'] : [];
}

const retries = { attempts: 4, firstWaitSeconds: 0.5 } as const;

/**
 * The digest of each platform of an image. An image for a single platform has its own digest.
 * @param onlyPlatform platform of an image for a single platform
 * @throws BowlineError `registry-mismatch` when the registry returns other bytes than the expected ones
 */
export async function platformDigests(
  image: ImageReference,
  expected: Digest,
  onlyPlatform = 'linux/amd64',
): Promise<Readonly<Record<string, Digest>>> {
  const { stdout } = await retryTransient(() => mustRun(crane(image, 'manifest', image)), retries);
  if (digestOf(stdout) !== expected) {
    throw inconclusive('registry-mismatch', `the registry returned other content for ${image} (${digestOf(stdout)})`);
  }
  const manifest = manifestSchema.parse(JSON.parse(stdout));
  if (!manifest.manifests) {
    return { [onlyPlatform]: expected };
  }
  return Object.fromEntries(
    manifest.manifests
      .filter(({ platform }) => platform !== undefined && platform.os !== 'unknown')
      .map((entry) => [`${entry.platform?.os}/${entry.platform?.architecture}`, digest(entry.digest)]),
  );
}

/** Bytes that a node pulls for the image of one platform: its configuration and its layers, compressed. */
export async function compressedSize(repository: ImageRepository, platformDigest: Digest): Promise<number> {
  const { stdout } = await retryTransient(
    () => mustRun(crane(repository, 'manifest', imageReference(repository, platformDigest))),
    retries,
  );
  const { config, layers = [] } = manifestSchema.parse(JSON.parse(stdout));
  return layers.reduce((sum, layer) => sum + layer.size, config?.size ?? 0);
}

/** The digest that a tag refers to, or undefined when there is no such tag. @throws ProgramError */
export async function digestOfTag(repository: ImageRepository, tag: string): Promise<Digest | undefined> {
  return retryTransient(async () => {
    const outcome = await run(crane(repository, 'digest', `${repository}:${tag}`));
    if (outcome.exitCode === 0) {
      return digest(outcome.stdout.trim());
    }
    if (/MANIFEST_UNKNOWN|NAME_UNKNOWN|404|not found/i.test(outcome.stderr)) {
      return undefined;
    }
    throw new ProgramError('crane', outcome);
  }, retries);
}

/**
 * Tags an image for people. A tag of an image is never moved.
 * @throws BowlineError `tag-moved` when the tag already refers to another image
 */
export async function tagImage(repository: ImageRepository, image: Digest, tag: string): Promise<void> {
  const current = await digestOfTag(repository, tag);
  if (current === image) {
    return;
  }
  if (current !== undefined) {
    throw inconclusive('tag-moved', `${repository}:${tag} already refers to ${current}, not to ${image}`);
  }
  await retryTransient(() => mustRun(crane(repository, 'tag', imageReference(repository, image), tag)), retries);
}

/** Moves the tag `to` to what the tag `from` refers to. Only for caches: a tag of an image is never moved. */
export async function moveTag(repository: ImageRepository, from: string, to: string): Promise<void> {
  await retryTransient(() => mustRun(crane(repository, 'tag', `${repository}:${from}`, to)), retries);
}

function crane(reference: string, ...words: readonly string[]) {
  return {
    program: toolPath('crane'),
    arguments: [...(usesHttp(reference) ? ['--insecure'] : []), ...words],
    timeoutSeconds: 120,
  };
}
