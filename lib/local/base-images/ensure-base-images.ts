import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../process';
import { digest, type ImageReference, imageReference, imageRepository } from '../../values';
import { baseImageContents, type LocalImageName } from './base-image-contents';
import { listsFingerprint, nativeArchitecture } from './debian';
import { readGoToolchain } from './go-toolchain';
import { type LayerBuilder, openLayerBuilder } from './layer-builder';
import { pushBaseImage } from './push-base-image';
import { hostCertificates } from './rootfs';

export { type LocalBaseImageName, type LocalImageName, localBaseImageNames, withGit } from './base-image-contents';

/** Increase it when the content of a base image changes, so that existing images are built again. */
const recipeVersion = 2;

export interface LocalBaseImageOptions {
  readonly registry: string;
  readonly stateDirectory: string;
  readonly progress: (line: string) => void;
}

/** A base image that was built, as the state folder records it. */
interface BuiltBaseImage {
  /** Hash of the content: packages with their versions, and files of this machine. */
  readonly key: string;
  /** Hash of everything that the key is computed from. While it is the same, the key is too, and apt does not have to run. */
  readonly hint?: string;
  readonly digest: string;
}

/**
 * Builds small base images from Debian packages and this machine's Go, and pushes them to the local registry, for machines without access to a
 * public registry. The same packages and toolchain give the same digests. An image that exists for its content is not built again.
 */
export async function ensureLocalBaseImages<Name extends LocalImageName>(
  names: readonly Name[],
  options: LocalBaseImageOptions,
): Promise<Readonly<Partial<Record<Name, ImageReference>>>> {
  const { registry, stateDirectory } = options;
  const file = join(stateDirectory, 'bases.json');
  const built = readBuilt(file);
  const images: Partial<Record<Name, ImageReference>> = {};
  const machine = await describeMachine(names);
  const hintOf = (name: Name) => hash({ machine: machine(name), lists: listsFingerprint(), name });
  let builder: LayerBuilder | undefined;
  try {
    for (const name of names) {
      const previous = built[name];
      const isAvailable = previous !== undefined && (await isPushed(registry, name, previous.digest));
      if (isAvailable && previous.hint === hintOf(name)) {
        images[name] = referenceOf(registry, name, previous.digest);
        continue;
      }
      builder ??= openLayerBuilder(makeScratch(stateDirectory), options.progress);
      // The package lists have changed or the image is new: apt has to say which versions they have.
      const key = hash({ machine: machine(name), packages: await builder.packagesOf(name), name });
      const imageDigest =
        isAvailable && previous.key === key ? previous.digest : await buildBaseImage(name, builder, options);
      // Querying the versions may have updated the lists, so compute the hint again.
      built[name] = { key, hint: hintOf(name), digest: imageDigest };
      writeFileAtomic(file, `${JSON.stringify(built, undefined, 2)}\n`);
      images[name] = referenceOf(registry, name, imageDigest);
    }
  } finally {
    builder?.close();
  }
  return images;
}

function readBuilt(file: string): Partial<Record<LocalImageName, BuiltBaseImage>> {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** What a base image contains of this machine, besides packages. */
async function describeMachine(names: readonly LocalImageName[]): Promise<(name: LocalImageName) => object> {
  const common = {
    recipeVersion,
    architecture: nativeArchitecture(),
    osRelease: readFileSync('/etc/os-release', 'utf8'),
  };
  const needsToolchain = names.some((name) => baseImageContents[name].toolchain);
  const builder = needsToolchain
    ? { ...common, go: await readGoToolchain(), certificates: hash(readFileSync(hostCertificates(), 'utf8')) }
    : common;
  return (name) => (baseImageContents[name].toolchain ? builder : common);
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

function repositoryOf(registry: string, name: LocalImageName): string {
  return `${registry}/bowline-base/${name.toLowerCase()}`;
}

function referenceOf(registry: string, name: LocalImageName, imageDigest: string): ImageReference {
  return imageReference(imageRepository(repositoryOf(registry, name)), digest(imageDigest));
}

/** Whether the registry has the image. */
async function isPushed(registry: string, name: LocalImageName, imageDigest: string): Promise<boolean> {
  const response = await fetch(`http://${registry}/v2/bowline-base/${name.toLowerCase()}/manifests/${imageDigest}`, {
    method: 'HEAD',
    headers: { accept: 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json' },
  }).catch(() => undefined);
  return response?.ok === true;
}

/** A folder for this call alone, so that two runs with one state folder do not share incomplete layers. */
function makeScratch(stateDirectory: string): string {
  const parent = join(stateDirectory, 'bases');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, 'making-'));
}

async function buildBaseImage(
  name: LocalImageName,
  builder: LayerBuilder,
  { registry, progress }: LocalBaseImageOptions,
): Promise<string> {
  progress(`local base image ${name}: building (${baseImageContents[name].description})`);
  const started = Date.now();
  const imageDigest = await pushBaseImage(repositoryOf(registry, name), await builder.imagesOf(name));
  progress(`local base image ${name}: ${imageDigest}, ${Math.round((Date.now() - started) / 1000)} s`);
  return imageDigest;
}
