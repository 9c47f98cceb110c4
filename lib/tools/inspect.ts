import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTool, pinsDirectory } from './location';
import { type Purpose, type Tool, tools } from './pins';

/** What `bowline doctor` says of one tool. */
export interface ToolState {
  readonly name: string;
  /** As it is pinned; Debian's packages follow their release. */
  readonly version: string;
  readonly purposes: readonly Purpose[];
  readonly present: boolean;
  readonly path?: string;
  /** How it is had where it is missing. */
  readonly source: string;
}

/** The state of every tool on this machine. Starts no program. */
export function inspectTools(): readonly ToolState[] {
  const pins = pinsDirectory();
  return tools.map((tool) => {
    const path = findTool(tool);
    return {
      name: tool.name,
      version: pins === undefined ? 'of the toolbox' : pinnedVersion(tool, pins),
      purposes: tool.purposes,
      present: path !== undefined,
      ...(path === undefined ? {} : { path }),
      source: sourceOf(tool),
    };
  });
}

/** The version that the pin files name. */
export function pinnedVersion(tool: Tool, pins: string): string {
  switch (tool.kind) {
    case 'debian':
      return 'Debian';
    case 'python':
      return /^(\S+)==(\S+)/m.exec(readFileSync(join(pins, 'python', `${tool.name}.txt`), 'utf8'))?.[2] ?? '';
    case 'go':
      return tool.package.startsWith('./')
        ? 'own'
        : moduleVersion(readFileSync(join(pins, 'go', tool.module, 'go.mod'), 'utf8'), tool.package);
  }
}

/** The version of the module that holds a package: the longest required path that the package begins with. */
function moduleVersion(goMod: string, goPackage: string): string {
  const required = [...goMod.matchAll(/^\s*(?:require\s+)?(\S+)\s+(v\S+)/gm)].filter(
    ([, path = '']) => goPackage === path || goPackage.startsWith(`${path}/`),
  );
  return required.sort(([, a = ''], [, b = '']) => b.length - a.length)[0]?.[2] ?? '';
}

function sourceOf(tool: Tool): string {
  switch (tool.kind) {
    case 'debian':
      return `Debian package ${tool.package}`;
    case 'python':
      return `Python packages of tools/python/${tool.name}.txt, about ${tool.seconds} s`;
    case 'go':
      return `built from ${tool.package.startsWith('./') ? `tools/go/${tool.module}/${tool.package.slice(2)}` : tool.package}, about ${tool.seconds} s on two cores`;
  }
}
