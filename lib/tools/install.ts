import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, run } from '../process';
import { ensureFixtureDatabases } from './fixture-databases';
import { goBuild } from './go-build';
import { cacheDirectory, findTool, installedDirectory, pinsDirectory } from './location';
import { withLock } from './lock';
import { type DebianTool, type GoTool, type Purpose, type PythonTool, tools } from './pins';
import { describeMissing, findPrerequisite, prerequisites } from './prerequisites';

export interface InstallOptions {
  readonly progress: (line: string) => void;
}

/**
 * Installs the missing tools of a purpose: Debian packages, Python environments and Go programs, two at a time.
 * Installed tools stay as they are. An installation that another process left incomplete is repeated.
 * @throws Error that names each missing prerequisite, before anything is installed; or the tool that failed, with the end of its log
 */
export async function ensureTools(purpose: Purpose, options: InstallOptions): Promise<void> {
  const pins = pinsDirectory();
  if (pins === undefined) {
    throw new Error('this program has no pins (tools/): install tools from a checkout of Bowline');
  }
  requirePrerequisites(purpose);
  const missing = tools.filter((tool) => tool.purposes.includes(purpose) && findTool(tool) === undefined);
  const debian = missing.filter((tool): tool is DebianTool => tool.kind === 'debian');
  if (debian.length > 0) {
    await installPackages(debian, options);
  }
  const toBuild = missing.filter((tool): tool is GoTool | PythonTool => tool.kind !== 'debian');
  if (toBuild.length > 0) {
    options.progress(
      `tools to build, once, about ${Math.ceil(toBuild.reduce((sum, tool) => sum + tool.seconds, 0) / 60)} min: ${toBuild.map(({ name }) => name).join(', ')}`,
    );
  }
  // Tools of one module share most of their compilation: build each module's tools one after the other, and two modules at a time.
  const modules = [...new Set(toBuild.map(moduleOf))];
  const queue = modules.map((module) => toBuild.filter((tool) => moduleOf(tool) === module));
  await Promise.all([buildQueued(queue, pins, options), buildQueued(queue, pins, options)]);
  await ensureFixtureDatabases(pins);
}

/** The names of the tools of a purpose that are not installed. */
export function missingTools(purpose: Purpose): readonly string[] {
  return tools
    .filter((tool) => tool.purposes.includes(purpose) && findTool(tool) === undefined)
    .map(({ name }) => name);
}

/**
 * Builds one Go tool if it is missing, for commands that need no other.
 * @throws Error that names a missing prerequisite; or the tool that failed, with the end of its log
 */
export async function ensureGoTool(name: string, options: InstallOptions): Promise<void> {
  const tool = tools.find((candidate): candidate is GoTool => candidate.kind === 'go' && candidate.name === name);
  const pins = pinsDirectory();
  if (tool === undefined || pins === undefined) {
    throw new Error(`this program has no pin of ${name} (tools/): use a checkout of Bowline`);
  }
  if (findTool(tool) === undefined) {
    requirePrerequisites('demo');
    await install(tool, pins, options);
  }
}

function requirePrerequisites(purpose: Purpose): void {
  const missing = prerequisites
    .filter(({ purposes }) => purposes.includes(purpose))
    .map((prerequisite) => ({ prerequisite, found: findPrerequisite(prerequisite) }))
    .filter(({ found }) => !found.isSupported)
    .map(({ prerequisite, found }) => `  ${describeMissing(prerequisite, found)}`);
  if (missing.length > 0) {
    throw new Error(`nothing was installed. Building the tools needs:\n${missing.join('\n')}`);
  }
}

function moduleOf(tool: GoTool | PythonTool): string {
  return tool.kind === 'go' ? tool.module : tool.name;
}

/** Takes modules from the queue until it is empty. */
async function buildQueued(queue: (GoTool | PythonTool)[][], pins: string, options: InstallOptions): Promise<void> {
  for (let module = queue.shift(); module !== undefined; module = queue.shift()) {
    for (const tool of module) {
      await install(tool, pins, options);
    }
  }
}

async function install(tool: GoTool | PythonTool, pins: string, { progress }: InstallOptions): Promise<void> {
  const directory = installedDirectory(tool, pins);
  const onWait = (holder: number) => progress(`${tool.name}: waiting for process ${holder}, which builds it`);
  await withLock(
    `${directory}.lock`,
    async () => {
      if (findTool(tool) !== undefined) {
        return;
      }
      const started = Date.now();
      const timer = setInterval(() => progress(`${tool.name}: ${Math.round((Date.now() - started) / 1000)} s`), 15_000);
      progress(`${tool.name}: building`);
      try {
        await (tool.kind === 'go' ? buildGo(tool, pins, directory) : buildPython(tool, pins, directory));
      } finally {
        clearInterval(timer);
      }
      progress(`${tool.name}: ready after ${Math.round((Date.now() - started) / 1000)} s`);
    },
    onWait,
  );
}

async function buildGo(tool: GoTool, pins: string, directory: string): Promise<void> {
  const partial = `${directory}.part`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(join(partial, 'bin'), { recursive: true });
  await mustRun({
    program: 'go',
    ...goBuild(tool, join(partial, 'bin', tool.name)),
    directory: join(pins, 'go', tool.module),
    timeoutSeconds: 3600,
  });
  renameSync(partial, directory);
}

async function buildPython(tool: PythonTool, pins: string, directory: string): Promise<void> {
  rmSync(directory, { recursive: true, force: true });
  // A virtual environment contains its own path: build it in one folder, rename that, and then replace the path in its files.
  const work = `${directory}.part`;
  rmSync(work, { recursive: true, force: true });
  await mustRun({ program: 'python3', arguments: ['-m', 'venv', work], timeoutSeconds: 120 });
  await mustRun({
    program: join(work, 'bin', 'python'),
    arguments: [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-input',
      '--require-hashes',
      '--only-binary',
      ':all:',
      '-r',
      join(pins, 'python', `${tool.name}.txt`),
    ],
    timeoutSeconds: 900,
  });
  for (const script of ['pip', 'pip3', 'activate', 'activate.csh', 'activate.fish', 'Activate.ps1']) {
    rmSync(join(work, 'bin', script), { force: true });
  }
  relocateScripts(join(work, 'bin'), work, directory);
  renameSync(work, directory);
  writeFileSync(
    join(directory, 'pyvenv.cfg'),
    readFileSync(join(directory, 'pyvenv.cfg'), 'utf8').replaceAll(work, directory),
  );
}

/** Replaces the interpreter's path in the first line of each script, where pip writes it as an absolute path. */
export function relocateScripts(bin: string, from: string, to: string): void {
  for (const entry of readdirSync(bin, { withFileTypes: true })) {
    const path = join(bin, entry.name);
    if (entry.isFile() && readFileSync(path).subarray(0, 2).toString('latin1') === '#!') {
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, text.replace(`#!${join(from, 'bin')}/`, `#!${join(to, 'bin')}/`));
    }
  }
}

async function installPackages(missing: readonly DebianTool[], { progress }: InstallOptions): Promise<void> {
  const packages = [...new Set(missing.map((tool) => tool.package))].sort();
  progress(`Debian packages: ${packages.join(', ')}`);
  if (process.getuid?.() !== 0) {
    throw new Error(
      `installing Debian packages needs root: run sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`,
    );
  }
  await withLock(join(cacheDirectory(), 'apt.lock'), async () => {
    const install = () =>
      run({
        program: 'apt-get',
        arguments: ['install', '-y', '-qq', '--no-install-recommends', ...packages],
        environment: { DEBIAN_FRONTEND: 'noninteractive' },
        timeoutSeconds: 900,
      });
    if ((await install()).exitCode !== 0) {
      await mustRun({ program: 'apt-get', arguments: ['update', '-qq'], timeoutSeconds: 300 });
      const { exitCode, stderr } = await install();
      if (exitCode !== 0) {
        throw new Error(
          `apt-get could not install ${packages.join(', ')}:\n${stderr.trim().split('\n').slice(-5).join('\n')}`,
        );
      }
    }
  });
}
