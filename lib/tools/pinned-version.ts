import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GoTool, PythonTool } from './pins';

/** The version of a tool according to its pin files. */
export function pinnedVersion(tool: GoTool | PythonTool, pins: string): string {
  switch (tool.kind) {
    case 'python':
      return packageVersion(
        readFileSync(join(pins, 'python', `${tool.name}.txt`), 'utf8'),
        tool.distribution ?? tool.name,
      );
    case 'go':
      return tool.package.startsWith('./')
        ? 'own'
        : moduleVersion(readFileSync(join(pins, 'go', tool.module, 'go.mod'), 'utf8'), tool.package);
  }
}

/** The version of the module that contains a package: the longest required path that is a prefix of the package. */
export function moduleVersion(goMod: string, goPackage: string): string {
  const required = [...goMod.matchAll(/^\s*(?:require\s+)?(\S+)\s+(v\S+)/gm)].filter(
    ([, path = '']) => goPackage === path || goPackage.startsWith(`${path}/`),
  );
  return required.sort(([, a = ''], [, b = '']) => b.length - a.length)[0]?.[2] ?? '';
}

/** The version of a package in a requirements file. */
function packageVersion(requirements: string, name: string): string {
  const line = requirements.split('\n').find((candidate) => candidate.startsWith(`${name}==`));
  return line?.slice(`${name}==`.length).split(/\s/)[0] ?? '';
}
