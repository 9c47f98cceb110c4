import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Invocation, mustRun, run } from '../../process';
import { cacheDirectory, withLock } from '../../tools';

export type Architecture = 'amd64' | 'arm64';

/** A Debian package in a version. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
}

/** Package lists: those of this machine, or separate ones for another architecture. */
export interface PackageSource {
  readonly architecture: Architecture;
  readonly options: readonly string[];
}

/** The architecture of this machine's packages. */
export function nativeArchitecture(): Architecture {
  return process.arch === 'arm64' ? 'arm64' : 'amd64';
}

const nativeLists = '/var/lib/apt/lists';

export function nativeSource(): PackageSource {
  return { architecture: nativeArchitecture(), options: [] };
}

/** The same repositories for another architecture, with lists in `directory`, so that the lists of this machine do not change. */
export function foreignSource(architecture: Architecture, directory: string): PackageSource {
  return {
    architecture,
    options: [
      `APT::Architecture=${architecture}`,
      `APT::Architectures=${architecture}`,
      `Dir::State::lists=${join(directory, 'lists')}`,
      `Dir::Cache=${join(directory, 'cache')}`,
      `Dir::State::status=${join(directory, 'no-packages')}`,
    ].flatMap((option) => ['-o', option]),
  };
}

/** Downloads the package lists. @throws Error with the output of apt */
export async function updateLists(source: PackageSource): Promise<void> {
  for (const option of source.options) {
    const [, key, path = ''] = /^(Dir::[^=]*)=(.*)$/.exec(option) ?? [];
    if (key === 'Dir::State::status') {
      writeFileSync(path, '');
    } else if (key !== undefined) {
      mkdirSync(join(path, key === 'Dir::State::lists' ? 'partial' : 'archives/partial'), { recursive: true });
    }
  }
  const options = ['-o', 'APT::Sandbox::User=root', ...source.options, 'update', '-qq'];
  await withLock(join(cacheDirectory(), 'apt.lock'), () =>
    mustRun({ program: 'apt-get', arguments: options, timeoutSeconds: 300 }),
  );
}

/** Changes when the package lists of this machine change: the names, sizes and times of the files. Does not run apt. */
export function listsFingerprint(directory = nativeLists): string {
  const files = existsSync(directory) ? readdirSync(directory).sort() : [];
  const lines = files.flatMap((file) => {
    // An update of the lists on this machine can remove one in the meantime.
    const stat = statSync(join(directory, file), { throwIfNoEntry: false });
    return stat?.isFile() ? [`${file} ${stat.size} ${stat.mtimeMs}`] : [];
  });
  return lines.join('\n');
}

/** The version of each package in the lists. Downloads the lists when they lack a package. @throws Error for a package that does not exist */
export async function queryVersions(
  names: readonly string[],
  source: PackageSource,
): Promise<readonly DebianPackage[]> {
  const versions = await showVersions(names, source);
  if (names.every((name) => versions.has(name))) {
    return withVersions(names, versions);
  }
  await updateLists(source);
  return withVersions(names, await showVersions(names, source));
}

async function showVersions(names: readonly string[], source: PackageSource): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await run({
    program: 'apt-cache',
    arguments: [...source.options, 'show', '--no-all-versions', ...names],
    timeoutSeconds: 300,
  });
  return parseVersions(stdout);
}

/** Parses package names and versions from the output of `apt-cache show`. */
export function parseVersions(output: string): ReadonlyMap<string, string> {
  return new Map(
    output.split(/\n\n+/).flatMap((stanza) => {
      const name = /^Package: (\S+)$/m.exec(stanza)?.[1];
      const version = /^Version: (\S+)$/m.exec(stanza)?.[1];
      return name === undefined || version === undefined ? [] : [[name, version] as const];
    }),
  );
}

function withVersions(names: readonly string[], versions: ReadonlyMap<string, string>): readonly DebianPackage[] {
  return names.map((name) => {
    const version = versions.get(name);
    if (version === undefined) {
      throw new Error(
        `the Debian package lists of this machine have no package ${name}: check that apt-get update works`,
      );
    }
    return { name, version };
  });
}

/** The packages and all their dependencies, as apt resolves them on a system without any package. */
export async function resolveDependencies(names: readonly string[], scratch: string): Promise<readonly string[]> {
  const status = join(scratch, 'no-packages');
  writeFileSync(status, '');
  const options = [`Dir::State::status=${status}`, 'Debug::NoLocking=true'].flatMap((option) => ['-o', option]);
  const { stdout } = await mustRun({
    program: 'apt-get',
    arguments: [...options, '--no-install-recommends', '--print-uris', '-qq', '-y', 'install', ...names],
    timeoutSeconds: 300,
  });
  return parseUris(stdout);
}

/** Parses package names from the output of `apt-get --print-uris`. */
export function parseUris(output: string): readonly string[] {
  return [...output.matchAll(/^'[^']*\/([^/_']+)_[^/']*\.deb'/gm)]
    .map(([, name = '']) => decodeURIComponent(name))
    .sort();
}

/** An unpacked package, with its control data. */
export interface UnpackedPackage {
  readonly name: string;
  readonly control: string;
}

/** Downloads packages, which apt verifies with the signed lists, and unpacks them into `root` without running their scripts. */
export async function unpackPackages(
  packages: readonly DebianPackage[],
  source: PackageSource,
  { root, downloads }: { readonly root: string; readonly downloads: string },
): Promise<readonly UnpackedPackage[]> {
  mkdirSync(downloads, { recursive: true });
  mkdirSync(root, { recursive: true });
  let available = packages;
  const download = (): Invocation => ({
    program: 'apt-get',
    arguments: [
      ...['-o', 'APT::Sandbox::User=root', ...source.options, 'download', '-qq'],
      ...available.map(({ name, version }) => `${name}=${version}`),
    ],
    directory: downloads,
    timeoutSeconds: 600,
  });
  if ((await run(download())).exitCode !== 0) {
    // Outdated lists name versions that the mirror no longer has.
    await updateLists(source);
    available = await queryVersions(
      packages.map(({ name }) => name),
      source,
    );
    await mustRun(download());
  }
  const unpacked: UnpackedPackage[] = [];
  for (const { name, version } of available) {
    const file = join(downloads, findDownload(readdirSync(downloads), name, version));
    await mustRun({ program: 'dpkg-deb', arguments: ['-x', file, root], timeoutSeconds: 120 });
    const { stdout } = await mustRun({ program: 'dpkg-deb', arguments: ['-f', file], timeoutSeconds: 30 });
    unpacked.push({ name, control: stdout });
  }
  return unpacked;
}

/** The file of a package that `apt-get download` wrote, with %3a for the colon of an epoch. */
export function findDownload(files: readonly string[], name: string, version: string): string {
  const prefix = `${name}_${version.replaceAll(':', '%3a')}_`;
  const file = files.find((candidate) => candidate.startsWith(prefix) && candidate.endsWith('.deb'));
  if (file === undefined) {
    throw new Error(`apt-get did not download ${name} ${version}`);
  }
  return file;
}
