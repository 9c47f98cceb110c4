import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { baseImageContents, type LocalImageName, type PackageGroup } from './base-image-contents';
import {
  type Architecture,
  type DebianPackage,
  foreignSource,
  nativeArchitecture,
  nativeSource,
  type PackageSource,
  queryVersions,
  resolveDependencies,
  type UnpackedPackage,
  unpackPackages,
  updateLists,
} from './debian';
import { readGoToolchain } from './go-toolchain';
import { packLayer } from './pack-layer';
import { type BaseImage, builderSettings, runtimeSettings } from './push-base-image';
import {
  addBusybox,
  addGoToolchain,
  addOsRelease,
  addPackageMetadata,
  addStaticFiles,
  hostCertificates,
  listApplets,
  removeUnusedFolders,
} from './rootfs';

/** Builds the layers of base images. Base images share layers, and each layer is built once. */
export interface LayerBuilder {
  /** The packages of a base image, in the versions of this machine's package lists. */
  packagesOf(name: LocalImageName): Promise<readonly DebianPackage[]>;
  /** The base image for each target platform, with its layers as files. */
  imagesOf(name: LocalImageName): Promise<readonly BaseImage[]>;
  /** Removes all files. */
  close(): void;
}

/** @param scratch folder that no other process uses */
export function openLayerBuilder(scratch: string, progress: (line: string) => void): LayerBuilder {
  const once = memoize();
  const native = nativeSource();

  const versionsOf = (group: PackageGroup, source: PackageSource) =>
    once(`versions ${group} ${source.architecture}`, async () =>
      queryVersions(await packageNames(group, scratch), source),
    );

  const unpackGroup = (group: PackageGroup, source: PackageSource) =>
    once(`unpacked ${group} ${source.architecture}`, async () => {
      const root = makeFolder(scratch, `${group}-${source.architecture}`);
      const downloads = makeFolder(scratch, `downloads-${source.architecture}`);
      const versions = await versionsOf(group, source);
      return { root, packages: await unpackPackages(versions, source, { root, downloads }) };
    });

  /** A layer with the files that `fill` writes. */
  const buildLayer = (name: string, fill: (root: string) => Promise<void> | void) =>
    once(`layer ${name}`, async () => {
      const root = makeFolder(scratch, `layer-${name}`);
      await fill(root);
      const file = join(scratch, `${name}.tar`);
      await packLayer(root, file);
      rmSync(root, { recursive: true, force: true });
      return file;
    });

  /** A layer with all files of a group of packages. */
  const packageLayer = (group: PackageGroup, source: PackageSource) =>
    once(`layer ${group} ${source.architecture}`, async () => {
      const { root, packages } = await unpackGroup(group, source);
      completeRoot(root, packages);
      const file = join(scratch, `${group}-${source.architecture}.tar`);
      await packLayer(root, file);
      return file;
    });

  const staticLayer = () =>
    buildLayer('static', async (root) => {
      const { root: unpacked, packages } = await unpackGroup('static', native);
      addStaticFiles(root, unpacked);
      completeRoot(root, packages);
    });

  const toolsLayer = (source: PackageSource) =>
    buildLayer(`tools-${source.architecture}`, async (root) => {
      // Only a busybox for this machine's architecture can run here and list its applets.
      const runnable = await unpackGroup('tools', native);
      const { root: unpacked, packages } = await unpackGroup('tools', source);
      addBusybox(root, join(unpacked, 'bin/busybox'), await listApplets(join(runnable.root, 'bin/busybox')));
      completeRoot(root, packages);
    });

  const osReleaseLayer = (name: string) => buildLayer(`title-${name}`, (root) => addOsRelease(root, `${name} base`));

  const toolchainLayer = () =>
    buildLayer('toolchain', async (root) => addGoToolchain(root, (await readGoToolchain()).root, hostCertificates()));

  /** The same repositories for the other architecture, or undefined when they have no packages for it. */
  const otherArchitecture = () =>
    once('foreign', async () => {
      const architecture: Architecture = nativeArchitecture() === 'amd64' ? 'arm64' : 'amd64';
      const source = foreignSource(architecture, makeFolder(scratch, `apt-${architecture}`));
      try {
        await updateLists(source);
        return source;
      } catch (error) {
        const reason = String((error as Error).message)
          .split('\n')
          .pop()
          ?.trim();
        progress(
          `local base images: only for linux/${nativeArchitecture()}, since apt has no packages for ${architecture}: ${reason}`,
        );
        return undefined;
      }
    });

  const runtimeSources = async (name: LocalImageName): Promise<readonly PackageSource[]> => {
    if (name === 'static') {
      // No file in the static layer depends on the architecture, so both platforms share it.
      return (['amd64', 'arm64'] as const).map((architecture) => ({ ...native, architecture }));
    }
    const other = await otherArchitecture();
    return other === undefined ? [native] : [native, other];
  };

  const layersOf = async (name: LocalImageName, source: PackageSource): Promise<readonly string[]> => {
    switch (name) {
      case 'static':
        return [await staticLayer(), await osReleaseLayer(name)];
      case 'glibc':
        return [await staticLayer(), await packageLayer('glibc', source), await osReleaseLayer(name)];
      case 'alpine':
        return [await staticLayer(), await toolsLayer(source), await osReleaseLayer(name)];
      case 'builder':
        return [await toolsLayer(source), await toolchainLayer()];
      case 'builderCgo':
        return [await toolsLayer(source), await packageLayer('compiler', source), await toolchainLayer()];
      case 'builderWithGit':
        return [await toolsLayer(source), await packageLayer('git', source), await toolchainLayer()];
      case 'builderCgoWithGit':
        return [
          await toolsLayer(source),
          await packageLayer('compiler', source),
          await packageLayer('git', source),
          await toolchainLayer(),
        ];
    }
  };

  return {
    packagesOf: async (name) =>
      (await Promise.all(baseImageContents[name].groups.map((group) => versionsOf(group, native)))).flat(),
    imagesOf: async (name) => {
      if (baseImageContents[name].toolchain) {
        const settings = builderSettings((await readGoToolchain()).settings);
        return [{ architecture: native.architecture, layers: await layersOf(name, native), ...settings }];
      }
      const images: BaseImage[] = [];
      for (const source of await runtimeSources(name)) {
        images.push({ architecture: source.architecture, layers: await layersOf(name, source), ...runtimeSettings });
      }
      return images.sort((a, b) => (a.architecture < b.architecture ? -1 : 1));
    },
    close: () => rmSync(scratch, { recursive: true, force: true }),
  };
}

async function packageNames(group: PackageGroup, scratch: string): Promise<readonly string[]> {
  switch (group) {
    case 'static':
      return ['ca-certificates', 'tzdata'];
    case 'glibc':
      return ['libc6', 'libgcc-s1'];
    case 'tools':
      return ['busybox-static'];
    case 'compiler':
      // As in the official Go image on Debian.
      return resolveDependencies(['gcc', 'g++', 'libc6-dev', 'pkg-config'], scratch);
    case 'git':
      // Only git's optional commands are in Perl. Go runs none of them.
      return (await resolveDependencies(['git'], scratch)).filter((name) => !/perl|^(?:git-man|dpkg|tar)$/.test(name));
  }
}

function completeRoot(root: string, packages: readonly UnpackedPackage[]): void {
  addPackageMetadata(root, packages);
  removeUnusedFolders(root);
}

function makeFolder(parent: string, name: string): string {
  const path = join(parent, name);
  mkdirSync(path, { recursive: true });
  return path;
}

/** Runs the work for each key once. */
function memoize(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const results = new Map<string, Promise<unknown>>();
  return <T>(key: string, work: () => Promise<T>) => {
    const result = results.get(key) ?? work();
    results.set(key, result);
    return result as Promise<T>;
  };
}
