import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Invocation, mustRun, run } from '../../process';
import { cacheDirectory, withLock } from '../../tools';

export type Architecture = 'amd64' | 'arm64';

/** A Debian package at the version that the package lists offer. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
}

/** Where apt is asked: this machine's own lists, or lists of another architecture that are kept apart. */
export interface PackageSource {
  readonly architecture: Architecture;
  readonly options: readonly string[];
}

/** The architecture that this machine's own packages are of. */
export function nativeArchitecture(): Architecture {
  return process.arch === 'arm64' ? 'arm64' : 'amd64';
}

const nativeLists = '/var/lib/apt/lists';

export function nativeSource(): PackageSource {
  return { architecture: nativeArchitecture(), options: [] };
}

/** The same repositories for another architecture, with lists of their own in `directory`: nothing of this machine's is touched. */
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

/** Fetches the lists of a source. @throws Error with what apt said */
export async function updateLists(source: PackageSource): Promise<void> {
  for (const option of source.options) {
    const [, key, path = ''] = /^(Dir::[^=]*)=(.*)$/.exec(option) ?? [];
    if (key === 'Dir::State::status') {
      writeFileSync(path, '');
    } else if (key !== undefined) {
      mkdirSync(join(path, key === 'Dir::State::lists' ? 'partial' : 'archives/partial'), { recursive: true });
    }
  }
  const words = ['-o', 'APT::Sandbox::User=root', ...source.options, 'update', '-qq'];
  await withLock(join(cacheDirectory(), 'apt.lock'), () =>
    mustRun({ program: 'apt-get', arguments: words, timeoutSeconds: 300 }),
  );
}

/** What tells, without asking apt, that this machine's lists are what they were: their names, sizes and times. */
export function listsFingerprint(directory = nativeLists): string {
  const files = existsSync(directory) ? readdirSync(directory).sort() : [];
  return files
    .map((file) => ({ file, stat: statSync(join(directory, file)) }))
    .filter(({ stat }) => stat.isFile())
    .map(({ file, stat }) => `${file} ${stat.size} ${stat.mtimeMs}`)
    .join('\n');
}

/** The offered version of each package; the lists are fetched where they lack one. @throws Error for one that there is none of */
export async function offeredVersions(
  names: readonly string[],
  source: PackageSource,
): Promise<readonly DebianPackage[]> {
  const first = await ask(names, source);
  if (names.every((name) => first.has(name))) {
    return pick(names, first);
  }
  await updateLists(source);
  return pick(names, await ask(names, source));
}

async function ask(names: readonly string[], source: PackageSource): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await run({
    program: 'apt-cache',
    arguments: [...source.options, 'show', '--no-all-versions', ...names],
    timeoutSeconds: 60,
  });
  return parseVersions(stdout);
}

/** Package names and versions out of what `apt-cache show` prints. */
export function parseVersions(shown: string): ReadonlyMap<string, string> {
  return new Map(
    shown.split(/\n\n+/).flatMap((stanza) => {
      const name = /^Package: (\S+)$/m.exec(stanza)?.[1];
      const version = /^Version: (\S+)$/m.exec(stanza)?.[1];
      return name === undefined || version === undefined ? [] : [[name, version] as const];
    }),
  );
}

function pick(names: readonly string[], versions: ReadonlyMap<string, string>): readonly DebianPackage[] {
  return names.map((name) => {
    const version = versions.get(name);
    if (version === undefined) {
      throw new Error(`Debian's package lists offer no ${name}: does apt-get update work on this machine?`);
    }
    return { name, version };
  });
}

/** The packages that `names` need on a system that has nothing: apt's own answer, asked with an empty status file. */
export async function closure(names: readonly string[], scratch: string): Promise<readonly string[]> {
  const status = join(scratch, 'no-packages');
  writeFileSync(status, '');
  const options = [`Dir::State::status=${status}`, 'Debug::NoLocking=true'].flatMap((option) => ['-o', option]);
  const { stdout } = await mustRun({
    program: 'apt-get',
    arguments: [...options, '--no-install-recommends', '--print-uris', '-qq', '-y', 'install', ...names],
    timeoutSeconds: 60,
  });
  return parseUris(stdout);
}

/** Package names out of what `apt-get --print-uris` prints. */
export function parseUris(printed: string): readonly string[] {
  return [...printed.matchAll(/^'[^']*\/([^/_']+)_[^/']*\.deb'/gm)]
    .map(([, name = '']) => decodeURIComponent(name))
    .sort();
}

/** A package that lies unpacked in a folder, with its control data as the package itself has it. */
export interface UnpackedPackage {
  readonly name: string;
  readonly control: string;
}

/** Downloads packages (checked by apt against the signed lists) and unpacks them into `root`, without running any of their scripts. */
export async function unpackPackages(
  packages: readonly DebianPackage[],
  source: PackageSource,
  root: string,
  downloads: string,
): Promise<readonly UnpackedPackage[]> {
  mkdirSync(downloads, { recursive: true });
  mkdirSync(root, { recursive: true });
  let offered = packages;
  const download = (): Invocation => ({
    program: 'apt-get',
    arguments: [
      ...['-o', 'APT::Sandbox::User=root', ...source.options, 'download', '-qq'],
      ...offered.map(({ name, version }) => `${name}=${version}`),
    ],
    directory: downloads,
    timeoutSeconds: 600,
  });
  if ((await run(download())).exitCode !== 0) {
    // Lists that are older than the mirror name files that it has no more.
    await updateLists(source);
    offered = await offeredVersions(
      packages.map(({ name }) => name),
      source,
    );
    await mustRun(download());
  }
  const unpacked: UnpackedPackage[] = [];
  for (const { name, version } of offered) {
    const file = join(downloads, downloadedFile(readdirSync(downloads), name, version));
    await mustRun({ program: 'dpkg-deb', arguments: ['-x', file, root], timeoutSeconds: 120 });
    const { stdout } = await mustRun({ program: 'dpkg-deb', arguments: ['-f', file], timeoutSeconds: 30 });
    unpacked.push({ name, control: stdout });
  }
  return unpacked;
}

/** The file that `apt-get download` made of a package: it writes the colon of an epoch as %3a. */
export function downloadedFile(files: readonly string[], name: string, version: string): string {
  const start = `${name}_${version.replaceAll(':', '%3a')}_`;
  const file = files.find((candidate) => candidate.startsWith(start) && candidate.endsWith('.deb'));
  if (file === undefined) {
    throw new Error(`apt-get downloaded no ${name} ${version}`);
  }
  return file;
}
