import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { DebianTool, GoTool, PythonTool, Tool } from './pins';
import { toolNamed } from './pins';

/** Folder of a checkout that pins tools, or undefined where there is none: in a bundle, whose tools are on PATH. */
export function pinsDirectory(): string | undefined {
  const directory = process.env.BOWLINE_PINS ?? join(__dirname, '..', '..', 'tools');
  return existsSync(join(directory, 'go')) ? directory : undefined;
}

/** Where built tools are kept between checkouts. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.BOWLINE_CACHE ?? join(environment.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'bowline');
}

/** Everything that decides what a tool is: the pin files, our own sources beside them, and how it is compiled; not what is only said of it. */
export function pinKey(tool: GoTool | PythonTool, pins: string): string {
  const hash = createHash('sha256').update(
    JSON.stringify({ ...tool, purposes: [], seconds: 0, distribution: undefined }),
  );
  for (const file of pinFiles(tool, pins)) {
    hash
      .update('\0')
      .update(file)
      .update('\0')
      .update(readFileSync(join(pins, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

/** The files that pin a tool, relative to the folder of pins. */
export function pinFiles(tool: GoTool | PythonTool, pins: string): readonly string[] {
  if (tool.kind === 'python') {
    return [`python/${tool.name}.txt`];
  }
  const module = `go/${tool.module}`;
  const own = tool.package.startsWith('./')
    ? filesBelow(join(pins, module, tool.package)).map((file) => `${module}/${tool.package.slice(2)}/${file}`)
    : [];
  return [`${module}/go.mod`, `${module}/go.sum`, ...own];
}

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath.slice(directory.length), entry.name).replace(/^\//, ''))
    .sort();
}

/** Folder of the cache that holds a tool once it is built. */
export function installedDirectory(tool: GoTool | PythonTool, pins: string): string {
  return join(cacheDirectory(), 'tools', `${tool.name}-${pinKey(tool, pins)}`);
}

/** The program of a tool, if this machine has it. */
export function findTool(tool: Tool): string | undefined {
  if (tool.kind === 'debian') {
    return findOfDebian(tool);
  }
  const pins = pinsDirectory();
  if (pins === undefined) {
    return onPath(tool.kind === 'go' ? tool.name : tool.program);
  }
  const path = join(installedDirectory(tool, pins), 'bin', tool.kind === 'go' ? tool.name : tool.program);
  return existsSync(path) ? path : undefined;
}

function findOfDebian({ program, pythonModule }: DebianTool): string | undefined {
  if (pythonModule !== undefined) {
    return findPythonModule(pythonModule);
  }
  if (existsSync(program)) {
    return program;
  }
  // Another system has programs elsewhere. A plugin or a header is no program, and what is called like it is another thing.
  return /\/s?bin\/[^/]+$/.test(program) ? onPath(program.split('/').pop() as string) : undefined;
}

function findPythonModule(module: string): string | undefined {
  const python = onPath('python3');
  const { status, stdout } =
    python === undefined
      ? { status: 1, stdout: '' }
      : spawnSync(python, ['-c', `import ${module}; print(${module}.__file__)`], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 ? stdout.trim() : undefined;
}

/** Whether a path is one that Debian's packages have, rather than one where people put things. */
export function isOfDebian(path: string): boolean {
  return /^\/(?:usr|bin|sbin|lib)\//.test(path) && !path.startsWith('/usr/local/');
}

/** The first program of that name on PATH. */
export function onPath(program: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(':')
    .map((directory) => join(directory, program))
    .find((path) => existsSync(path));
}

const found = new Map<string, string>();

/**
 * The path of a tool's program. From a checkout it is the pinned one, from a bundle the one on PATH.
 * @throws Error with the way out when it is not installed
 */
export function toolPath(name: string): string {
  const known = found.get(name);
  if (known !== undefined) {
    return known;
  }
  const override = process.env.BOWLINE_TOOLS === undefined ? undefined : join(process.env.BOWLINE_TOOLS, name);
  const path = override !== undefined && existsSync(override) ? override : findTool(toolNamed(name));
  if (path === undefined) {
    throw new Error(
      `${name} is not installed: "npx bowline doctor --install" gets it in a checkout; in a pipeline the toolbox image must hold it`,
    );
  }
  found.set(name, path);
  return path;
}
