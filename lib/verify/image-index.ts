import { z } from 'zod';
import { type Digest, type ImagePlatform, imagePlatforms, isDigest } from '../values';

const digestField = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), 'a sha256 digest');
const platformSchema = z.looseObject({ os: z.string(), architecture: z.string(), variant: z.string().optional() });
/** The media types of OCI (opencontainers/image-spec `media-types.md`) and of Docker. */
const imageMediaType = z.enum([
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]);
const indexMediaType = z.enum([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]);
const indexSchema = z.looseObject({
  schemaVersion: z.literal(2),
  mediaType: indexMediaType.optional(),
  manifests: z
    .array(z.looseObject({ mediaType: imageMediaType, digest: digestField, platform: platformSchema.optional() }))
    .min(1),
});
const manifestSchema = z.looseObject({
  schemaVersion: z.literal(2),
  mediaType: imageMediaType.optional(),
  config: z.looseObject({ digest: digestField }),
  layers: z.array(z.looseObject({ digest: digestField })),
});
const configSchema = z.looseObject({ os: z.string(), architecture: z.string() });

/** Why the manifest of an image is no evidence. */
export interface ManifestProblem {
  readonly code: 'image-malformed' | 'platform-unnamed' | 'platform-unknown' | 'platform-twice';
  readonly message: string;
}

/** The image of one platform in an index. */
export interface IndexEntry {
  readonly platform: ImagePlatform;
  readonly digest: Digest;
  /** What the index says of its format. A node reads the content as this. */
  readonly mediaType: string;
}

/** An image: an index of one image per platform, or the image of a single platform, which its configuration names. */
export type ParsedImage =
  | { readonly kind: 'index'; readonly entries: readonly IndexEntry[] }
  | { readonly kind: 'single'; readonly config: Digest; readonly mediaType: string | undefined }
  | { readonly kind: 'problem'; readonly problem: ManifestProblem };

/**
 * Reads the manifest of an image. In an index, every entry is the image of a platform that this project builds for: a node could run any other entry,
 * and nobody scanned it. BuildKit writes no attestations into the index, because the build does not ask for them. A document that is an image by some
 * of its fields and an index by others is neither: programs differ in what they take it for (CVE-2021-41190).
 */
export function parseImage(text: string): ParsedImage {
  const json = parseJson(text);
  const isIndex = hasField(json, ['manifests']);
  if ((isIndex && hasField(json, ['config', 'layers', 'fsLayers'])) || hasFoldedField(json)) {
    return problem(
      'image-malformed',
      'the registry has a manifest for this digest that programs read in different ways: as an image or as an index, or by fields in other letters',
    );
  }
  if (!isIndex) {
    const image = manifestSchema.safeParse(json);
    return image.success
      ? { kind: 'single', config: image.data.config.digest, mediaType: image.data.mediaType }
      : malformed;
  }
  const index = indexSchema.safeParse(json);
  if (!index.success) {
    return malformed;
  }
  const entries: IndexEntry[] = [];
  for (const { digest, platform, mediaType } of index.data.manifests) {
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
    if (entries.some((each) => each.platform === name)) {
      return problem('platform-twice', `the image index has two entries for ${name}: a node would run either`);
    }
    entries.push({ platform: name, digest, mediaType });
  }
  return { kind: 'index', entries };
}

/**
 * The configuration that the manifest of one platform's image names.
 * @param mediaType what the index says of it
 * @returns undefined if it is no such manifest, or says that it has another media type
 */
export function parseConfigDigest(text: string, mediaType: string): Digest | undefined {
  const parsed = parseImage(text);
  return parsed.kind === 'single' && (parsed.mediaType ?? mediaType) === mediaType ? parsed.config : undefined;
}

/** The platform that an image is built for, from its configuration. @returns undefined if this project does not build for it */
export function parsePlatform(text: string): ImagePlatform | undefined {
  const config = configSchema.safeParse(parseJson(text));
  return config.success && Object.keys(config.data).every((key) => !isFolded(key))
    ? imagePlatforms.find((name) => name === `${config.data.os}/${config.data.architecture}`)
    : undefined;
}

const malformed = problem(
  'image-malformed',
  'the registry has neither an image nor an index of images for this digest',
);

function hasField(json: unknown, names: readonly string[]): boolean {
  return isObject(json) && names.some((name) => Object.hasOwn(json, name));
}

/** The fields that decide what runs. */
const fields = [
  'schemaVersion',
  'mediaType',
  'manifests',
  'config',
  'layers',
  'fsLayers',
  'digest',
  'platform',
  'os',
  'architecture',
];
const fieldInAnyCase = new RegExp(`^(?:${fields.join('|')})$`, 'iu');

/** Whether Go, and with it the runtime of a node, reads a name as one of the fields: its `encoding/json` folds the case of letters. */
function isFolded(name: string): boolean {
  return fieldInAnyCase.test(name) && !fields.includes(name);
}

function hasFoldedField(json: unknown): boolean {
  if (Array.isArray(json)) {
    return json.some(hasFoldedField);
  }
  return (
    isObject(json) &&
    Object.entries(json).some(([name, value]) => isFolded(name) || (name !== 'annotations' && hasFoldedField(value)))
  );
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null;
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
