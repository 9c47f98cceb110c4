import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, run } from '../lib/process';
import { pinsDirectory } from '../lib/tools';

function moduleDirectory(module: string): string {
  const pins = pinsDirectory();
  if (pins === undefined) {
    throw new Error('the lab runs from a checkout only: its tools are pinned in tools/go');
  }
  return join(pins, 'go', module);
}

/** The version that tools/go/<module>/go.mod requires of a Go module. @throws Error when it requires none */
export function requiredVersion(module: string, path: string): string {
  const file = join(moduleDirectory(module), 'go.mod');
  const version = parseRequirement(readFileSync(file, 'utf8'), path);
  if (version === undefined) {
    throw new Error(`${file} does not require ${path}`);
  }
  return version;
}

/** The version in the `require` lines of a go.mod. */
export function parseRequirement(goMod: string, path: string): string | undefined {
  const line = goMod.split('\n').find(
    (candidate) =>
      candidate
        .replace(/^require\s+/, '')
        .trim()
        .split(/\s+/)[0] === path && !candidate.includes('=>'),
  );
  return line
    ?.replace(/^require\s+/, '')
    .trim()
    .split(/\s+/)[1];
}

/** The folder of a module's sources at its pinned version, held against go.sum; downloaded where the cache lacks it. */
export async function sourcesOf(module: string, path: string): Promise<string> {
  const { stdout } = await mustRun({
    program: 'go',
    arguments: ['mod', 'download', '-json', path],
    directory: moduleDirectory(module),
    environment: {
      GOFLAGS: '-mod=readonly',
      GOWORK: 'off',
      ...(module === 'argocd' ? { GOTOOLCHAIN: 'go1.27.3' } : {}),
    },
    timeoutSeconds: 300,
  });
  return (JSON.parse(stdout) as { readonly Dir: string }).Dir;
}

/** Versions of Debian packages, as installed; `Debian` where another system has them. */
export async function debianVersions<Name extends string>(
  packages: readonly Name[],
): Promise<Readonly<Record<Name, string>>> {
  const { stdout } = await run({
    program: 'dpkg-query',
    arguments: ['-W', ...packages],
    timeoutSeconds: 10,
  });
  const known = new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/:\S+\t|\t/) as [string, string]),
  );
  return Object.fromEntries(packages.map((name) => [name, known.get(name) ?? 'Debian'])) as Record<Name, string>;
}
