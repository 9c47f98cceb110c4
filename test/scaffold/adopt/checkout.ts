import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type Proposal,
  proposeService,
  type Reading,
  readConfiguration,
  readManifests,
  readModule,
} from '../../../lib/scaffold/adopt';

/** Files of a checkout by path. A go.mod is added where there is none. */
export type CheckoutFiles = Readonly<Record<string, string>>;

/** Writes a checkout, calls use with its folder, and removes it. */
export async function withCheckout<Result>(
  files: CheckoutFiles,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'bowline-adopt-'));
  try {
    for (const [path, text] of Object.entries({ 'go.mod': 'module example.com/acme/shop\n\ngo 1.26\n', ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function readCheckout(files: CheckoutFiles): Promise<Reading> {
  return withCheckout(files, (root) => readModule({ root, directory: '.' }));
}

export function propose(files: CheckoutFiles, main?: string): Promise<Proposal> {
  return withCheckout(files, async (root) => {
    const folder = { root, directory: '.' };
    return proposeService({
      reading: await readModule(folder),
      exists: (path) => existsSync(join(root, path)),
      read: (path) => readConfiguration(folder, path),
      manifests: readManifests(folder),
      main,
    });
  });
}

/** A program whose main function has these statements. */
export function mainFile(imports: readonly string[], statements: string, declarations = ''): string {
  const list = imports.map((path) => `\t${path.includes('"') ? path : `"${path}"`}\n`).join('');
  return `package main\n\nimport (\n${list})\n\n${declarations}\nfunc main() {\n\t${statements}\n}\n`;
}
