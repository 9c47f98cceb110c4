import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DebianTool, GoTool, PythonTool, Tool } from './pins';
import { toolNamed } from './pins';

/** The folder that pins the tools: `tools` of the checkout. Undefined in a bundle, where the tools are on PATH. */
export function pinsDirectory(): string | undefined {
  const directory = process.env.BOWLINE_PINS ?? join(__dirname, '..', '..', 'tools');
  return existsSync(join(directory, 'go')) ? directory : undefined;
}

/** The cache of built tools, shared between checkouts. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  // Absolute, because tools run in folders of their own.
  return resolve(environment.BOWLINE_CACHE ?? join(environment.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'bowline'));
}

/**
 * The cache key of a tool: a hash of its pin files, of its sources where the program is ours, and of how it is compiled.
 * Fields that only describe the tool do not count.
 */
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

/** The files that pin a tool, relative to `pins`. */
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
  return (
    readdirSync(directory, { recursive: true, withFileTypes: true })
      // Tests are not part of a program.
      .filter((entry) => entry.isFile() && !entry.name.endsWith('_test.go'))
      .map((entry) => join(entry.parentPath.slice(directory.length), entry.name).replace(/^\//, ''))
      .sort()
  );
}

/** The folder of a built tool in the cache. */
export function installedDirectory(tool: GoTool | PythonTool, pins: string): string {
  return join(cacheDirectory(), 'tools', `${tool.name}-${pinKey(tool, pins)}`);
}

/** The path of a tool's program, or undefined when it is not installed. */
export function findTool(tool: Tool): string | undefined {
  if (tool.kind === 'debian') {
    return findDebianProgram(tool);
  }
  const pins = pinsDirectory();
  if (pins === undefined) {
    return findOnPath(tool.kind === 'go' ? tool.name : tool.program);
  }
  const path = join(installedDirectory(tool, pins), 'bin', tool.kind === 'go' ? tool.name : tool.program);
  return existsSync(path) ? path : undefined;
}

function findDebianProgram({ program, pythonModule }: DebianTool): string | undefined {
  if (pythonModule !== undefined) {
    return findPythonModule(pythonModule);
  }
  if (existsSync(program)) {
    return program;
  }
  // Other systems keep programs in other folders. Plugins and headers are not looked up on PATH: a program of that name is something else.
  return /\/s?bin\/[^/]+$/.test(program) ? findOnPath(program.split('/').pop() as string) : undefined;
}

function findPythonModule(module: string): string | undefined {
  const python = findOnPath('python3');
  const { status, stdout } =
    python === undefined
      ? { status: 1, stdout: '' }
      : spawnSync(python, ['-c', `import ${module}; print(${module}.__file__)`], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 ? stdout.trim() : undefined;
}

/** Whether a path is in a folder that Debian packages install to, and not in one for local programs. */
export function isDebianPath(path: string): boolean {
  return /^\/(?:usr|bin|sbin|lib)\//.test(path) && !path.startsWith('/usr/local/');
}

/** The first program of a name on PATH. */
export function findOnPath(program: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(':')
    .map((directory) => join(directory, program))
    .find((path) => existsSync(path));
}

const knownPaths = new Map<string, string>();

/**
 * The path of a tool's program: the pinned one in a checkout, the one on PATH in a bundle. BOWLINE_TOOLS overrides both.
 * @throws Error that says how to install it, when it is missing
 */
export function toolPath(name: string): string {
  const known = knownPaths.get(name);
  if (known !== undefined) {
    return known;
  }
  const override = process.env.BOWLINE_TOOLS === undefined ? undefined : resolve(process.env.BOWLINE_TOOLS, name);
  const path = override !== undefined && existsSync(override) ? override : findTool(toolNamed(name));
  if (path === undefined) {
    throw new Error(
      `${name} is not installed: run "npx bowline doctor --install" in a checkout; in a pipeline, use a toolbox image that contains it`,
    );
  }
  knownPaths.set(name, path);
  return path;
}

/**
 * Volume of the toolbox in which BuildKit keeps layers. The filesystem of a container is an overlay, which cannot be the upper layer of another
 * overlay (https://docs.kernel.org/filesystems/overlayfs.html), so that BuildKit would copy all files for every step.
 */
export const buildkitStateFolder = '/var/lib/bowline-buildkit';
