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
 * Whether a registry is spoken to by http: one on this machine, and those that were named (`BOWLINE_INSECURE_REGISTRIES`, hosts with their
 * ports, separated by commas). Every other one must speak https.
 * @param reference an image or a repository, with its host in front
 */
export function speaksHttp(reference: string, environment: NodeJS.ProcessEnv = process.env): boolean {
  const [host = ''] = reference.split('/');
  const named = (environment.BOWLINE_INSECURE_REGISTRIES ?? '').split(',').map((name) => name.trim());
  return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]+)?$/.test(host) || (host !== '' && named.includes(host));
}

/** How BuildKit speaks with the registry of a repository, as options of an output or of a cache. */
export function protocolOptions(repository: ImageRepository): readonly string[] {
  return speaksHttp(repository) ? ['registry.insecure=true'] : [];
}

function crane(reference: string, ...words: readonly string[]) {
  return {
    program: toolPath('crane'),
    arguments: [...(speaksHttp(reference) ? ['--insecure'] : []), ...words],
    timeoutSeconds: 120,
  };
}

const patience = { attempts: 4, firstWaitSeconds: 0.5 } as const;

/**
 * The digests of the platforms behind an image. An image of one platform stands for itself.
 * @throws BowlineError `registry-mismatch` when the registry answers with other bytes than were asked for
 */
export async function platformDigests(
  image: ImageReference,
  asked: Digest,
  only?: string,
): Promise<Readonly<Record<string, Digest>>> {
  const { stdout } = await retryTransient(() => mustRun(crane(image, 'manifest', image)), patience);
  if (digestOf(stdout) !== asked) {
    throw inconclusive('registry-mismatch', `the registry answered ${image} with other content (${digestOf(stdout)})`);
  }
  const manifest = manifestSchema.parse(JSON.parse(stdout));
  if (!manifest.manifests) {
    return { [only ?? 'linux/amd64']: asked };
  }
  return Object.fromEntries(
    manifest.manifests
      .filter(({ platform }) => platform !== undefined && platform.os !== 'unknown')
      .map((entry) => [`${entry.platform?.os}/${entry.platform?.architecture}`, digest(entry.digest)]),
  );
}

/** Bytes that a node pulls for one platform image: configuration and layers, compressed. */
export async function compressedSize(repository: ImageRepository, platformDigest: Digest): Promise<number> {
  const { stdout } = await retryTransient(
    () => mustRun(crane(repository, 'manifest', imageReference(repository, platformDigest))),
    patience,
  );
  const { config, layers = [] } = manifestSchema.parse(JSON.parse(stdout));
  return layers.reduce((sum, layer) => sum + layer.size, config?.size ?? 0);
}

/** The digest that a tag points to, or undefined when there is no such tag. @throws ProgramError on any other trouble */
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
  }, patience);
}

/**
 * Gives an image its label for people. The label is never moved.
 * @throws BowlineError `tag-moved` when it already stands for another image
 */
export async function labelImage(repository: ImageRepository, image: Digest, tag: string): Promise<void> {
  const present = await digestOfTag(repository, tag);
  if (present === image) {
    return;
  }
  if (present !== undefined) {
    throw inconclusive('tag-moved', `${repository}:${tag} already stands for ${present}, not for ${image}`);
  }
  await retryTransient(() => mustRun(crane(repository, 'tag', imageReference(repository, image), tag)), patience);
}

/** Lets a tag stand for what another one stands for, whatever it stood for before. Of caches alone: a label of an image is never moved. */
export async function moveTag(repository: ImageRepository, from: string, to: string): Promise<void> {
  await retryTransient(() => mustRun(crane(repository, 'tag', `${repository}:${from}`, to)), patience);
}
