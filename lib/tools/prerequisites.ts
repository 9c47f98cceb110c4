import { spawnSync } from 'node:child_process';
import { onPath } from './location';
import { allPurposes, type Purpose } from './pins';

/** What tools are made with, and what has to be on the machine already: Debian has it in another version, or makes the machine's own of it. */
export interface Prerequisite {
  /** Its program, looked for on PATH. */
  readonly name: string;
  readonly purposes: readonly Purpose[];
  /** What it is asked for its version with. */
  readonly versionArguments: readonly string[];
  /** Which versions do, as people say it. */
  readonly wanted: string;
  fits(version: string): boolean;
  /** How to have it: the end of a sentence. */
  readonly wayOut: string;
}

export const prerequisites: readonly Prerequisite[] = [
  {
    name: 'go',
    purposes: allPurposes,
    versionArguments: ['version'],
    wanted: 'Go 1.21 or newer (it fetches the version that a tool asks for)',
    fits: (version) => isAtLeast(version, 1, 21),
    wayOut: "unpack https://go.dev/dl into /usr/local and put /usr/local/go/bin on PATH; Debian 12's golang is too old",
  },
  {
    name: 'python3',
    purposes: allPurposes,
    versionArguments: ['--version'],
    wanted: 'Python 3.11 (the wheels are pinned for it)',
    fits: (version) => version.startsWith('3.11.'),
    wayOut: 'apt-get install python3 on Debian 12, pyenv install 3.11 elsewhere, and have it first on PATH',
  },
];

/** A prerequisite as this machine has it. */
export interface Found {
  readonly path?: string;
  readonly version?: string;
  /** Whether it is there in a version that does. */
  readonly fits: boolean;
}

/** Looks for a prerequisite and asks it for its version. */
export function findPrerequisite({ name, versionArguments, fits }: Prerequisite): Found {
  const path = onPath(name);
  if (path === undefined) {
    return { fits: false };
  }
  const { stdout } = spawnSync(path, versionArguments, {
    encoding: 'utf8',
    timeout: 10_000,
    // Of a go.mod in the working directory it would become the toolchain, and fetch it first.
    env: { ...process.env, GOTOOLCHAIN: 'local' },
  });
  const version = /[0-9]+\.[0-9]+(?:\.[0-9]+)?/.exec(stdout ?? '')?.[0];
  return version === undefined ? { path, fits: false } : { path, version, fits: fits(version) };
}

/** What is missing and how to have it, in one sentence. */
export function describeLack({ name, wanted, wayOut }: Prerequisite, { path, version }: Found): string {
  const state = path === undefined ? 'is not on PATH' : `at ${path} is ${version ?? 'of no version that it tells'}`;
  return `${name} ${state}, and must be there already: ${wanted}; ${wayOut}`;
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
