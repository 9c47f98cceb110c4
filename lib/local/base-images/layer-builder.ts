import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { baseImageContents, type LocalBaseImageName, type PackageGroup } from './base-image-contents';
import {
  type Architecture,
  closure,
  type DebianPackage,
  foreignSource,
  nativeArchitecture,
  nativeSource,
  offeredVersions,
  type PackageSource,
  unpackPackages,
  updateLists,
} from './debian';
import { readGoToolchain } from './go-toolchain';
import { packLayer } from './pack-layer';
import { type BaseImage, builderSettings, runtimeSettings } from './push-base-image';
import { appletsOf, fillOsRelease, fillStatic, fillToolchain, fillTools, finish, hostCertificates } from './rootfs';

/** Where the layers of bases are made: each once, however many bases stand on it. */
export interface LayerBuilder {
  /** The packages of a base, at the versions that this machine's lists offer. */
  packagesOf(name: LocalBaseImageName): Promise<readonly DebianPackage[]>;
  /** Per platform the layers of a base, lying ready as files. */
  imagesOf(name: LocalBaseImageName): Promise<readonly BaseImage[]>;
  /** Throws all away. */
  close(): void;
}

/** @param scratch folder that belongs to the workshop alone */
export function openLayerBuilder(scratch: string, progress: (line: string) => void): LayerBuilder {
  const once = memory();
  const native = nativeSource();

  const versionsOf = (group: PackageGroup, source: PackageSource) =>
    once(`versions ${group} ${source.architecture}`, async () =>
      offeredVersions(await namesOf(group, scratch), source),
    );

  const unpacked = (group: PackageGroup, source: PackageSource) =>
    once(`unpacked ${group} ${source.architecture}`, async () => {
      const root = folder(scratch, `${group}-${source.architecture}`);
      const downloads = folder(scratch, `downloads-${source.architecture}`);
      return { root, packages: await unpackPackages(await versionsOf(group, source), source, root, downloads) };
    });

  const layer = (part: string, fill: (root: string) => Promise<void> | void) =>
    once(`layer ${part}`, async () => {
      const root = folder(scratch, `layer-${part}`);
      await fill(root);
      const file = join(scratch, `${part}.tar`);
      await packLayer(root, file);
      rmSync(root, { recursive: true, force: true });
      return file;
    });

  /** Packages as they are. */
  const packageLayer = (group: PackageGroup, source: PackageSource) =>
    once(`layer ${group} ${source.architecture}`, async () => {
      const { root, packages } = await unpacked(group, source);
      finish(root, packages);
      const file = join(scratch, `${group}-${source.architecture}.tar`);
      await packLayer(root, file);
      return file;
    });

  const staticLayer = () =>
    layer('static', async (root) => {
      const { root: from, packages } = await unpacked('static', native);
      fillStatic(root, from, packages);
    });

  const toolsLayer = (source: PackageSource) =>
    layer(`tools-${source.architecture}`, async (root) => {
      const own = await unpacked('tools', native);
      const { root: from, packages } = await unpacked('tools', source);
      fillTools(root, join(from, 'bin/busybox'), await appletsOf(join(own.root, 'bin/busybox')));
      finish(root, packages);
    });

  const titleLayer = (title: string) => layer(`title-${title}`, (root) => fillOsRelease(root, `${title} base`));

  const toolchainLayer = () =>
    layer('toolchain', async (root) => fillToolchain(root, (await readGoToolchain()).root, hostCertificates()));

  /** The same repositories for the other architecture, if they have it. */
  const foreign = () =>
    once('foreign', async () => {
      const other: Architecture = nativeArchitecture() === 'amd64' ? 'arm64' : 'amd64';
      const source = foreignSource(other, folder(scratch, `apt-${other}`));
      try {
        await updateLists(source);
        return source;
      } catch (error) {
        const why = String((error as Error).message)
          .split('\n')
          .pop()
          ?.trim();
        progress(`local bases: for linux/${nativeArchitecture()} alone, no packages for ${other} can be had: ${why}`);
        return undefined;
      }
    });

  const sourcesOf = async () => [native, ...[await foreign()].filter((source) => source !== undefined)];

  const layersOf = async (name: LocalBaseImageName, source: PackageSource): Promise<readonly string[]> => {
    switch (name) {
      case 'static':
        return [await staticLayer(), await titleLayer(name)];
      case 'glibc':
        return [await staticLayer(), await packageLayer('glibc', source), await titleLayer(name)];
      case 'alpine':
        return [await staticLayer(), await toolsLayer(source), await titleLayer(name)];
      case 'builder':
        return [await toolsLayer(source), await toolchainLayer()];
      case 'builderCgo':
        return [await toolsLayer(source), await packageLayer('compiler', source), await toolchainLayer()];
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
      // Nothing in the static base is of any architecture: its one layer serves both.
      for (const source of name === 'static' ? bothOf(native) : await sourcesOf()) {
        images.push({ architecture: source.architecture, layers: await layersOf(name, source), ...runtimeSettings });
      }
      return images.sort((a, b) => (a.architecture < b.architecture ? -1 : 1));
    },
    close: () => rmSync(scratch, { recursive: true, force: true }),
  };
}

function bothOf(native: PackageSource): readonly PackageSource[] {
  return (['amd64', 'arm64'] as const).map((architecture) => ({ ...native, architecture }));
}

async function namesOf(group: PackageGroup, scratch: string): Promise<readonly string[]> {
  switch (group) {
    case 'static':
      return ['ca-certificates', 'tzdata'];
    case 'glibc':
      return ['libc6', 'libgcc-s1'];
    case 'tools':
      return ['busybox-static'];
    case 'compiler':
      return closure(['gcc', 'libc6-dev'], scratch);
  }
}

function folder(scratch: string, name: string): string {
  const path = join(scratch, name);
  mkdirSync(path, { recursive: true });
  return path;
}

/** Does each piece of work once. */
function memory(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const done = new Map<string, Promise<unknown>>();
  return <T>(key: string, work: () => Promise<T>) => {
    const known = done.get(key) ?? work();
    done.set(key, known);
    return known as Promise<T>;
  };
}
