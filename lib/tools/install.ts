import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, run } from '../process';
import { ensureFixtureDatabase } from './fixture-database';
import { goBuild } from './go-build';
import { cacheDirectory, findTool, installedDirectory, pinsDirectory } from './location';
import { withLock } from './lock';
import { type DebianTool, type GoTool, type Purpose, type PythonTool, tools } from './pins';
import { describeLack, findPrerequisite, prerequisites } from './prerequisites';

export interface InstallOptions {
  readonly progress: (line: string) => void;
}

/**
 * Installs what a purpose needs and this machine lacks: Debian packages, Python environments, Go tools (two at a time).
 * What is there is not touched; what is half done by an ended process is done again.
 * @throws Error naming what must be there already and is not, before anything is installed; or the tool, with the last lines of its log
 */
export async function ensureTools(purpose: Purpose, options: InstallOptions): Promise<void> {
  const pins = pinsDirectory();
  if (pins === undefined) {
    throw new Error('there are no pins beside this program: tools can be installed from a checkout only');
  }
  requirePrerequisites(purpose);
  const missing = tools.filter((tool) => tool.purposes.includes(purpose) && findTool(tool) === undefined);
  const debian = missing.filter((tool): tool is DebianTool => tool.kind === 'debian');
  if (debian.length > 0) {
    await installPackages(debian, options);
  }
  const rest = missing.filter((tool): tool is GoTool | PythonTool => tool.kind !== 'debian');
  if (rest.length > 0) {
    options.progress(
      `${rest.length} tools to build once, about ${Math.ceil(rest.reduce((sum, tool) => sum + tool.seconds, 0) / 60)} minutes: ${rest.map(({ name }) => name).join(', ')}`,
    );
  }
  // Tools of one module share most of their compilation: one lane per module, two lanes at a time.
  const modules = [...new Set(rest.map(laneOf))];
  const lanes = modules.map((module) => rest.filter((tool) => laneOf(tool) === module));
  await Promise.all([0, 1].map(() => drain(lanes, pins, options)));
  await ensureFixtureDatabase(pins);
}

function requirePrerequisites(purpose: Purpose): void {
  const lacks = prerequisites
    .filter(({ purposes }) => purposes.includes(purpose))
    .map((prerequisite) => ({ prerequisite, found: findPrerequisite(prerequisite) }))
    .filter(({ found }) => !found.fits)
    .map(({ prerequisite, found }) => `  ${describeLack(prerequisite, found)}`);
  if (lacks.length > 0) {
    throw new Error(`nothing was installed, since tools are made with what is missing here:\n${lacks.join('\n')}`);
  }
}

function laneOf(tool: GoTool | PythonTool): string {
  return tool.kind === 'go' ? tool.module : tool.name;
}

async function drain(lanes: (GoTool | PythonTool)[][], pins: string, options: InstallOptions): Promise<void> {
  for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
    for (const tool of lane) {
      await install(tool, pins, options);
    }
  }
}

async function install(tool: GoTool | PythonTool, pins: string, { progress }: InstallOptions): Promise<void> {
  const directory = installedDirectory(tool, pins);
  const wait = (holder: number) => progress(`${tool.name}: another process (${holder}) builds it, waiting`);
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
    wait,
  );
}

async function buildGo(tool: GoTool, pins: string, directory: string): Promise<void> {
  const beside = `${directory}.part`;
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(join(beside, 'bin'), { recursive: true });
  await mustRun({
    program: 'go',
    ...goBuild(tool, join(beside, 'bin', tool.name)),
    directory: join(pins, 'go', tool.module),
    timeoutSeconds: 3600,
  });
  renameSync(beside, directory);
}

async function buildPython(tool: PythonTool, pins: string, directory: string): Promise<void> {
  // A virtual environment knows its own path, so that it can't be renamed: the last file written says that it is whole.
  rmSync(directory, { recursive: true, force: true });
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

/** The first line of a script that pip writes names the interpreter by its whole path. */
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
      `these Debian packages are missing and installing them needs root: sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`,
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
