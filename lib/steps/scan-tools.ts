import { readFileSync } from 'node:fs';
import { inconclusive } from '../errors';
import { mustRunTool } from '../process';
import type { Scanned } from '../release';
import { pinnedVersionOf, toolPath } from '../tools';

/** The programs that look at a release. */
const scanners = ['checkov', 'govulncheck', 'grype', 'syft', 'trivy'] as const;

/**
 * The versions of the programs that look at a release: from the pins in a checkout, whose programs are found by their pins; from the programs
 * themselves in the toolbox.
 * @throws BowlineError `failed` (exit 1) when a program does not know its version
 */
export async function scanTools(): Promise<Scanned['tools']> {
  return Promise.all(
    scanners.map(async (name) => ({ name, version: pinnedVersionOf(name) ?? (await versionInProgram(name)) })),
  );
}

async function versionInProgram(name: (typeof scanners)[number]): Promise<string> {
  const version = name === 'checkov' ? await ownVersion(name) : versionInBuildInformation(readFileSync(toolPath(name)));
  if (version === undefined) {
    throw inconclusive('failed', `${name} (${toolPath(name)}) does not say its version: use the toolbox image`);
  }
  return version;
}

async function ownVersion(name: string): Promise<string | undefined> {
  const { stdout } = await mustRunTool({ program: toolPath(name), arguments: ['--version'], timeoutSeconds: 60 });
  return /^\d\S*$/m.exec(stdout)?.[0];
}

/**
 * The version of the module that a Go program was built from. It stands in the program as text (runtime/debug.ParseBuildInfo): `path`, then the
 * modules. Asking a program could make it ask the network for updates.
 */
export function versionInBuildInformation(program: Uint8Array): string | undefined {
  const text = Buffer.from(program).toString('latin1');
  const path = /\npath\t(\S+)\n|path\t(\S+)\nmod\t/.exec(text);
  const main = path?.[1] ?? path?.[2];
  if (main === undefined) {
    return undefined;
  }
  const modules = [...text.slice(path?.index).matchAll(/\n(?:mod|dep)\t(\S+)\t(v\S+)/g)];
  const [longest] = modules
    .filter(([, module = '']) => main === module || main.startsWith(`${module}/`))
    .sort(([, a = ''], [, b = '']) => b.length - a.length);
  return longest?.[2];
}
