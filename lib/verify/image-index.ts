import { z } from 'zod';
import { type Digest, type ImagePlatform, imagePlatforms, isDigest } from '../values';

const digestField = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), 'a sha256 digest');
const platformSchema = z.looseObject({ os: z.string(), architecture: z.string(), variant: z.string().optional() });
const indexSchema = z.looseObject({
  schemaVersion: z.literal(2),
  manifests: z.array(z.looseObject({ digest: digestField, platform: platformSchema.optional() })).min(1),
});
const manifestSchema = z.looseObject({
  schemaVersion: z.literal(2),
  config: z.looseObject({ digest: digestField }),
  layers: z.array(z.looseObject({ digest: digestField })),
});
const configSchema = z.looseObject({ os: z.string(), architecture: z.string() });

/** Why the manifest of an image is no evidence. */
export interface ManifestProblem {
  readonly code: 'image-malformed' | 'platform-unnamed' | 'platform-unknown' | 'platform-twice';
  readonly message: string;
}

/** An image: an index of one image per platform, or the image of a single platform, which its configuration names. */
export type ParsedImage =
  | { readonly kind: 'index'; readonly platforms: Readonly<Partial<Record<ImagePlatform, Digest>>> }
  | { readonly kind: 'single'; readonly config: Digest }
  | { readonly kind: 'problem'; readonly problem: ManifestProblem };

/**
 * Reads the manifest of an image. In an index, every entry is the image of a platform that this project builds for: a node could run any other entry,
 * and nobody scanned it. BuildKit writes no attestations into the index, because the build does not ask for them.
 */
export function parseImage(text: string): ParsedImage {
  const json = parseJson(text);
  const manifest = manifestSchema.safeParse(json);
  const index = indexSchema.safeParse(json);
  if (manifest.success === index.success) {
    return problem('image-malformed', 'the registry has neither an image nor an index of images for this digest');
  }
  if (!index.success) {
    return { kind: 'single', config: (manifest.data as z.output<typeof manifestSchema>).config.digest };
  }
  const platforms: Partial<Record<ImagePlatform, Digest>> = {};
  for (const { digest, platform } of index.data.manifests) {
    if (platform === undefined) {
      return problem('platform-unnamed', `the image index has an entry without a platform: ${digest}`);
    }
    const name = imagePlatforms.find((each) => each === `${platform.os}/${platform.architecture}`);
    if (name === undefined) {
      return problem(
        'platform-unknown',
        `the image index has an entry for ${platform.os}/${platform.architecture}: expected only ${imagePlatforms.join(' and ')}`,
      );
    }
    if (platforms[name] !== undefined) {
      return problem('platform-twice', `the image index has two entries for ${name}: a node would run either`);
    }
    platforms[name] = digest;
  }
  return { kind: 'index', platforms };
}

/** The configuration that the manifest of one platform's image names. @returns undefined if it is no such manifest */
export function parseConfigDigest(text: string): Digest | undefined {
  const parsed = parseImage(text);
  return parsed.kind === 'single' ? parsed.config : undefined;
}

/** The platform that an image is built for, from its configuration. @returns undefined if this project does not build for it */
export function parsePlatform(text: string): ImagePlatform | undefined {
  const config = configSchema.safeParse(parseJson(text));
  return config.success
    ? imagePlatforms.find((name) => name === `${config.data.os}/${config.data.architecture}`)
    : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problem(code: ManifestProblem['code'], message: string): ParsedImage {
  return { kind: 'problem', problem: { code, message } };
}
