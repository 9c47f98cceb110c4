import { spawnSync } from 'node:child_process';
import { findOnPath } from './location';
import { allPurposes, type Purpose } from './pins';

/** A program that builds the tools and that people install themselves, since Debian's version does not fit or other programs use it. */
export interface Prerequisite {
  /** The program's name, on PATH. */
  readonly name: string;
  readonly purposes: readonly Purpose[];
  /** Arguments that print its version. */
  readonly versionArguments: readonly string[];
  /** The supported versions, in words. */
  readonly supported: string;
  supports(version: string): boolean;
  /** How to install it: an imperative clause. */
  readonly installation: string;
}

export const prerequisites: readonly Prerequisite[] = [
  {
    name: 'go',
    purposes: allPurposes,
    versionArguments: ['version'],
    supported: 'Go 1.21 or newer (it downloads the version that a tool requires)',
    supports: (version) => isAtLeast(version, 1, 21),
    installation:
      "unpack https://go.dev/dl into /usr/local and put /usr/local/go/bin on PATH; Debian 12's golang is too old",
  },
  {
    name: 'python3',
    purposes: allPurposes,
    versionArguments: ['--version'],
    supported: 'Python 3.11 (the wheels are pinned for it)',
    supports: (version) => version.startsWith('3.11.'),
    installation:
      'run apt-get install python3 on Debian 12, pyenv install 3.11 on other systems, and put it first on PATH',
  },
];

/** What this machine has of a prerequisite. */
export interface FoundPrerequisite {
  readonly path?: string;
  readonly version?: string;
  /** Whether it is installed in a supported version. */
  readonly isSupported: boolean;
}

/** Finds a prerequisite on PATH and reads its version. */
export function findPrerequisite({ name, versionArguments, supports }: Prerequisite): FoundPrerequisite {
  const path = findOnPath(name);
  if (path === undefined) {
    return { isSupported: false };
  }
  const { stdout } = spawnSync(path, versionArguments, {
    encoding: 'utf8',
    timeout: 10_000,
    // Otherwise a go.mod in the working directory would make Go download another toolchain.
    env: { ...process.env, GOTOOLCHAIN: 'local' },
  });
  const version = /[0-9]+\.[0-9]+(?:\.[0-9]+)?/.exec(stdout ?? '')?.[0];
  return version === undefined ? { path, isSupported: false } : { path, version, isSupported: supports(version) };
}

/** What is missing and how to install it, in one sentence. */
export function describeMissing(
  { name, supported, installation }: Prerequisite,
  { path, version }: FoundPrerequisite,
): string {
  const state =
    path === undefined
      ? 'is not on PATH'
      : version === undefined
        ? `at ${path} prints no version`
        : `at ${path} is version ${version}`;
  return `${name} ${state}. Bowline needs ${supported}: ${installation}`;
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
