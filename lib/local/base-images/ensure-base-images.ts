import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../steps';
import { digest, type ImageReference, imageReference, imageRepository } from '../../values';
import { baseImageContents, type LocalBaseImageName } from './base-image-contents';
import { listsFingerprint, nativeArchitecture } from './debian';
import { readGoToolchain } from './go-toolchain';
import { type LayerBuilder, openLayerBuilder } from './layer-builder';
import { pushBaseImage } from './push-base-image';
import { hostCertificates } from './rootfs';

export { type LocalBaseImageName, localBaseImageNames } from './base-image-contents';

/** Raised when the content of a base changes, so that old ones are not taken for it. */
const recipeVersion = 2;

export interface LocalBaseImageOptions {
  readonly registry: string;
  readonly stateDirectory: string;
  readonly progress: (line: string) => void;
}

/**
 * Makes small base images out of Debian's packages and the machine's Go, and pushes them to the local registry. For where no public registry
 * can be reached. Deterministic: the same packages and toolchain give the same digests. Made once per content.
 */
export async function ensureLocalBaseImages(
  names: readonly LocalBaseImageName[],
  options: LocalBaseImageOptions,
): Promise<Readonly<Partial<Record<LocalBaseImageName, ImageReference>>>> {
  const file = join(options.stateDirectory, 'bases.json');
  const known = readKnown(file);
  const made: Partial<Record<LocalBaseImageName, ImageReference>> = {};
  const machine = await describeMachine(names);
  let workshop: LayerBuilder | undefined;
  try {
    for (const name of names) {
      const hint = hash({ machine: machine(name), lists: listsFingerprint(), name });
      const before = known[name];
      const there = before !== undefined && (await isThere(options.registry, name, before.digest));
      if (before && there && before.hint === hint) {
        made[name] = reference(options.registry, name, before.digest);
        continue;
      }
      workshop ??= openLayerBuilder(scratchOf(options.stateDirectory), options.progress);
      // The lists are other ones, or it was never made: only apt knows whether these very packages are.
      const key = hash({ machine: machine(name), packages: await workshop.packagesOf(name), name });
      const image = before && there && before.key === key ? before.digest : await make(name, workshop, options);
      known[name] = { key, hint: hash({ machine: machine(name), lists: listsFingerprint(), name }), digest: image };
      writeWhole(file, `${JSON.stringify(known, undefined, 2)}\n`);
      made[name] = reference(options.registry, name, image);
    }
  } finally {
    workshop?.close();
  }
  return made;
}

interface KnownBase {
  /** Of the content: what it is made of, by names and versions. */
  readonly key: string;
  /** Of all that the content is worked out from. While it is the same, so is the key, and nobody has to be asked. */
  readonly hint?: string;
  readonly digest: string;
}

function readKnown(file: string): Partial<Record<LocalBaseImageName, KnownBase>> {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** What of this machine goes into a base besides packages. */
async function describeMachine(names: readonly LocalBaseImageName[]): Promise<(name: LocalBaseImageName) => object> {
  const common = {
    recipeVersion,
    architecture: nativeArchitecture(),
    osRelease: readFileSync('/etc/os-release', 'utf8'),
  };
  const builders = names.some((name) => baseImageContents[name].toolchain);
  const builder = builders
    ? { ...common, go: await readGoToolchain(), certificates: hash(readFileSync(hostCertificates(), 'utf8')) }
    : common;
  return (name) => (baseImageContents[name].toolchain ? builder : common);
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

function repositoryOf(registry: string, name: LocalBaseImageName): string {
  return `${registry}/bowline-base/${name.toLowerCase()}`;
}

function reference(registry: string, name: LocalBaseImageName, image: string): ImageReference {
  return imageReference(imageRepository(repositoryOf(registry, name)), digest(image));
}

async function isThere(registry: string, name: LocalBaseImageName, image: string): Promise<boolean> {
  const response = await fetch(`http://${registry}/v2/bowline-base/${name.toLowerCase()}/manifests/${image}`, {
    method: 'HEAD',
    headers: { accept: 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json' },
  }).catch(() => undefined);
  return response?.ok === true;
}

/** A folder of this very call, so that two runs of one state never share half-made layers. */
function scratchOf(stateDirectory: string): string {
  const parent = join(stateDirectory, 'bases');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, 'making-'));
}

async function make(name: LocalBaseImageName, workshop: LayerBuilder, options: LocalBaseImageOptions): Promise<string> {
  options.progress(`local base ${name}: making it (${baseImageContents[name].holds})`);
  const started = Date.now();
  const image = await pushBaseImage(repositoryOf(options.registry, name), await workshop.imagesOf(name));
  options.progress(`local base ${name}: ${image}, ${Math.round((Date.now() - started) / 1000)} s`);
  return image;
}
