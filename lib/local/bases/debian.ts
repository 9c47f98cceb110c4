import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, run } from '../../process';

/** A Debian package at the version that this machine's package lists offer. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
}

/** The offered version of each package. @throws Error for one that there is none of */
export async function offeredVersions(names: readonly string[]): Promise<readonly DebianPackage[]> {
  const { stdout } = await mustRun({
    program: 'apt-cache',
    arguments: ['show', '--no-all-versions', ...names],
    timeoutSeconds: 60,
  });
  const versions = new Map(
    [...stdout.matchAll(/^Package: (\S+)\n(?:.*\n)*?Version: (\S+)$/gm)].map(([, name = '', version = '']) => [
      name,
      version,
    ]),
  );
  return names.map((name) => {
    const version = versions.get(name);
    if (version === undefined) {
      throw new Error(`Debian's package lists offer no ${name}: run apt-get update`);
    }
    return { name, version };
  });
}

/** The packages that `names` need on a system that has nothing: apt's own answer, asked with an empty status file. */
export async function closure(names: readonly string[], scratch: string): Promise<readonly string[]> {
  const status = join(scratch, 'no-packages');
  writeFileSync(status, '');
  const { stdout } = await mustRun({
    program: 'apt-get',
    arguments: [
      '-o',
      `Dir::State::status=${status}`,
      '-o',
      'Debug::NoLocking=true',
      '--no-install-recommends',
      '--print-uris',
      '-qq',
      '-y',
      'install',
      ...names,
    ],
    timeoutSeconds: 60,
  });
  return [...stdout.matchAll(/^'[^']*\/([^/_']+)_[^/']*\.deb'/gm)]
    .map(([, name = '']) => decodeURIComponent(name))
    .sort();
}

/** Downloads packages (checked by apt against the signed lists) and unpacks them into `root`, without running any of their scripts. */
export async function unpackPackages(
  packages: readonly DebianPackage[],
  root: string,
  downloads: string,
): Promise<void> {
  mkdirSync(downloads, { recursive: true });
  mkdirSync(root, { recursive: true });
  const words = [
    'download',
    '-qq',
    '-o',
    'APT::Sandbox::User=root',
    ...packages.map(({ name, version }) => `${name}=${version}`),
  ];
  const download = () => run({ program: 'apt-get', arguments: words, directory: downloads, timeoutSeconds: 600 });
  if ((await download()).exitCode !== 0) {
    await mustRun({ program: 'apt-get', arguments: ['update', '-qq'], timeoutSeconds: 300 });
    await mustRun({ program: 'apt-get', arguments: words, directory: downloads, timeoutSeconds: 600 });
  }
  for (const file of readdirSync(downloads)
    .filter((name) => name.endsWith('.deb'))
    .sort()) {
    await mustRun({ program: 'dpkg-deb', arguments: ['-x', join(downloads, file), root], timeoutSeconds: 120 });
  }
  if (!existsSync(root)) {
    throw new Error(`nothing was unpacked into ${root}`);
  }
}
