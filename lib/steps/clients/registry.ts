import { z } from 'zod';
import { inconclusive } from '../../errors';
import { mustRunTool, ProgramError, retryTransient, runTool, type ToolInvocation } from '../../process';
import { toolPath } from '../../tools';
import {
  type Digest,
  digest,
  type ImageReference,
  type ImageRepository,
  imageReference,
  parseImageReference,
} from '../../values';
import { craneRegistry, readImage, usesHttp } from '../../verify';

export { usesHttp };

const manifestSchema = z.object({
  config: z.object({ size: z.number() }).optional(),
  layers: z.array(z.object({ size: z.number() })).optional(),
});

/** BuildKit's options for the registry's protocol, for an output or a cache. */
export function protocolOptions(repository: ImageRepository): readonly string[] {
  return usesHttp(repository) ? ['registry.insecure=true'] : [];
}

const retries = { attempts: 4, firstWaitSeconds: 0.5 } as const;

/**
 * The digest of each platform of an image. An image for a single platform has its own digest.
 * @throws BowlineError `registry-mismatch` when the registry returns other bytes than the expected ones, `image-malformed`, `platform-unnamed`,
 *   `platform-unknown`, `platform-twice` when the image has anything but one image for each platform
 */
export async function platformDigests(image: ImageReference): Promise<Readonly<Record<string, Digest>>> {
  const { repository, digest: expected } = parseImageReference(image);
  const found = await readImage(craneRegistry, repository, expected);
  if (found.kind === 'image') {
    return found.platforms as Readonly<Record<string, Digest>>;
  }
  throw inconclusive(found.code, `${image}: ${found.message}`);
}

/** Bytes that a node pulls for the image of one platform: its configuration and its layers, compressed. */
export async function compressedSize(repository: ImageRepository, platformDigest: Digest): Promise<number> {
  const { stdout } = await retryTransient(
    () => mustRunTool(crane(repository, 'manifest', imageReference(repository, platformDigest))),
    retries,
  );
  const { config, layers = [] } = manifestSchema.parse(JSON.parse(stdout));
  return layers.reduce((sum, layer) => sum + layer.size, config?.size ?? 0);
}

/** The digest that a tag refers to, or undefined when there is no such tag. @throws ProgramError */
export async function digestOfTag(repository: ImageRepository, tag: string): Promise<Digest | undefined> {
  return retryTransient(async () => {
    const outcome = await runTool(crane(repository, 'digest', `${repository}:${tag}`));
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
  await retryTransient(() => mustRunTool(crane(repository, 'tag', imageReference(repository, image), tag)), retries);
}

/** Moves the tag `to` to what the tag `from` refers to. Only for caches: a tag of an image is never moved. */
export async function moveTag(repository: ImageRepository, from: string, to: string): Promise<void> {
  await retryTransient(() => mustRunTool(crane(repository, 'tag', `${repository}:${from}`, to)), retries);
}

/**
 * Copies an image by digest, with the images of its platforms, into another repository of the same registry. The client offers to mount the layers;
 * a registry that does not mount gets them uploaded. What the repository has is not copied again.
 */
export async function copyImage(image: ImageReference, to: ImageRepository): Promise<void> {
  const copy = crane(to, 'copy', image, imageReference(to, parseImageReference(image).digest));
  // Layers may be hundreds of megabytes.
  await retryTransient(() => mustRunTool({ ...copy, timeoutSeconds: 1800 }), retries);
}

function crane(reference: string, ...words: readonly string[]): ToolInvocation {
  return {
    program: toolPath('crane'),
    access: ['registry'],
    arguments: [...(usesHttp(reference) ? ['--insecure'] : []), ...words],
    timeoutSeconds: 120,
  };
}
