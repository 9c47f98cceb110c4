import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A temporary folder with the files of a repository. */
export interface Checkout {
  readonly directory: string;
  write(files: Readonly<Record<string, string>>): void;
  dispose(): void;
}

export function openCheckout(files: Readonly<Record<string, string>> = {}): Checkout {
  const directory = mkdtempSync(join(tmpdir(), 'bowline-checkout-'));
  const write = (added: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(added)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
  };
  write(files);
  return { directory, write, dispose: () => rmSync(directory, { recursive: true, force: true }) };
}

export const goMod = (path: string, ...lines: readonly string[]) =>
  `module ${path}\n\ngo 1.26\n${lines.map((line) => `\n${line}\n`).join('')}`;

export const program = (...imports: readonly string[]) =>
  `package main\n\nimport (\n${imports.map((path) => `\t_ "${path}"\n`).join('')})\n\nfunc main() {}\n`;

/** A package that embeds a pattern. */
export const embedding = (pattern: string, name = 'main') =>
  `package ${name}\n\nimport "embed"\n\n//go:embed ${pattern}\nvar Files embed.FS\n${name === 'main' ? '\nfunc main() {}\n' : ''}`;
