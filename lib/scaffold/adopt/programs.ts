import { posix } from 'node:path';
import { badInput } from '../../errors';
import type { Finding } from './finding';
import { at, type FoundAddress, type Reading } from './reading';

/** Folders whose programs are not what a repository releases. */
const sideFolders =
  /(?:^|\/)(?:_?examples?|samples?|demos?|tools?|hack|scripts?|tests?|e2e|integration|testutil|testing|mocks?|fixtures?|internal\/tools|generators?|gen|docs?|benchmarks?|packaging|storage\/conformance)(?:\/|$)/;

/** Names of programs that are beside a server: command-line clients, generators, health checks. */
const sideNames = /(?:ctl|cli|tool|gen|generator|client|migrate|docker-entrypoint|healthcheck|loadtest|bench)$/;

/**
 * Chooses the main package of a service.
 * @param wanted the one that the user names, relative to go.mod
 * @throws BowlineError `input` that lists the programs where none or several fit
 */
export function chooseMain(reading: Reading, wanted: string | undefined): Finding<string> {
  const programs = reading.packages.filter(({ main }) => main !== undefined);
  requireReadable(reading, (directory) =>
    wanted === undefined ? sideFolders.test(directory) : directory !== folderOf(wanted),
  );
  if (wanted !== undefined) {
    const directory = folderOf(wanted);
    const program = programs.find((candidate) => candidate.directory === directory);
    if (program?.main === undefined) {
      throw badInput(
        'input',
        `--main ${wanted} is not a program of ${reading.module}: expected ${listPrograms(programs.map((candidate) => candidate.directory))}`,
      );
    }
    return { value: packagePath(directory), where: `${at(program.main)} (--main)` };
  }
  if (programs.length === 0) {
    throw badInput(
      'input',
      `${at(reading.goMod)}: the module ${reading.module} has no program (package main with func main): name the folder of another module with --from`,
    );
  }
  const ranked = programs
    .map((program) => ({ program, score: scoreProgram(reading, program.directory) }))
    .sort((a, b) => b.score - a.score);
  const [first, second] = ranked;
  if (first?.program.main === undefined || (second !== undefined && second.score === first.score)) {
    throw badInput(
      'input',
      `${reading.module} has several programs: choose one with --main, such as --main ${packagePath(first?.program.directory ?? '.')}; found ${listPrograms(programs.map(({ directory }) => directory))}`,
    );
  }
  const others = ranked.slice(1).map(({ program }) => packagePath(program.directory));
  return {
    value: packagePath(first.program.directory),
    where: `${at(first.program.main)} (func main${others.length === 0 ? '' : `; --main chooses another: ${others.join(', ')}`})`,
  };
}

/** `./cmd/shop/` → cmd/shop */
function folderOf(wanted: string): string {
  return wanted.replace(/^\.\//, '').replace(/\/$/, '') || '.';
}

/**
 * A program whose files have a syntax error is none that the reader sees: another one would be chosen in its place.
 * @param mayBeBroken folders whose programs do not matter
 * @throws BowlineError `input` that names the lines
 */
function requireReadable(reading: Reading, mayBeBroken: (directory: string) => boolean): void {
  const root = posix.dirname(reading.goMod.file);
  const folders = reading.packages
    .filter(({ name, main, directory }) => name === 'main' && main === undefined && !mayBeBroken(directory))
    .map(({ directory }) => posix.join(root, directory));
  const hasProgram = reading.packages.some(({ main }) => main !== undefined);
  const broken = reading.skipped.filter(
    ({ file }) => file.endsWith('.go') && (!hasProgram || folders.includes(posix.dirname(file))),
  );
  if (broken.length > 0) {
    const list = broken.slice(0, 5).map((skipped) => `${at(skipped)}: ${skipped.reason}`);
    throw badInput(
      'input',
      `${list.join('\n')}\n${hasProgram ? 'Go cannot compile this program' : `${reading.module} has no program that Go can compile`}: correct its source`,
    );
  }
}

function scoreProgram(reading: Reading, directory: string): number {
  const name = programName(reading, directory);
  const started = reading.dockerfiles.flatMap(({ entrypoint, command }) =>
    [...(entrypoint?.arguments ?? []), ...(command?.arguments ?? [])].map((word) => word.split('/').at(-1)),
  );
  const reached = reachablePackages(reading, directory);
  const serves =
    reading.addresses.some((address) => reached.has(address.package)) ||
    reading.paths.some((path) => reached.has(path.package));
  return (
    (sideFolders.test(directory) ? -100 : 0) +
    (sideNames.test(name) ? -20 : 0) +
    (name === moduleName(reading.module) ? 40 : 0) +
    (started.includes(name) ? 30 : 0) +
    (serves ? 10 : 0) +
    (directory === '.' ? 5 : 0) +
    (/^(?:server|app|api|main|service)$/.test(name) ? 5 : 0)
  );
}

/** The directories of the packages of this module that a program is built from. */
export function reachablePackages(
  reading: Reading,
  main: string,
  without: ReadonlySet<string> = new Set(),
): ReadonlySet<string> {
  const packages = new Map(reading.packages.map((found) => [found.directory, found]));
  const reached = new Set<string>();
  const open = [main];
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    const found = packages.get(directory);
    if (found !== undefined && !reached.has(directory) && !without.has(directory)) {
      reached.add(directory);
      open.push(...found.local);
    }
  }
  return reached;
}

/**
 * Packages of the commands beside the one that is named like the program: pkg/cmd/agent beside pkg/cmd/shop, if shop does not use it. The program
 * can run as these too, with other listeners.
 */
function otherCommands(reading: Reading, main: string): ReadonlySet<string> {
  const name = programName(reading, main);
  const reached = [...reachablePackages(reading, main)];
  const own = reached.find(
    (found) => found !== main && /(?:^|\/)(?:cmd|commands?)\/[^/]+$/.test(found) && found.split('/').at(-1) === name,
  );
  if (own === undefined) {
    return new Set();
  }
  const parent = own.slice(0, own.lastIndexOf('/') + 1);
  const used = reachablePackages(reading, own);
  return new Set(reached.filter((found) => found.startsWith(parent) && found !== main && !used.has(found)));
}

/** Keeps what one program is built from. */
export function readingOfProgram(reading: Reading, main: string): Reading {
  const directory = main.replace(/^\.\//, '');
  const reached = reachablePackages(reading, directory, otherCommands(reading, directory));
  const isReached = (found: { readonly package: string }) => reached.has(found.package);
  const isCalled = ({ callers }: FoundAddress) =>
    callers === undefined || callers.some((caller) => reached.has(caller));
  return {
    ...reading,
    packages: reading.packages.filter(({ directory }) => reached.has(directory)),
    addresses: reading.addresses.filter((address) => isReached(address) && isCalled(address)),
    paths: reading.paths.filter(isReached),
    metrics: reading.metrics.filter(isReached),
    files: reading.files.filter(isReached),
  };
}

/** The last element of a module path that is no major version. */
export function moduleName(module: string): string {
  return (
    module
      .replace(/\/v[0-9]+$/, '')
      .split('/')
      .at(-1) ?? module
  );
}

function programName(reading: Reading, directory: string): string {
  return directory === '.' ? moduleName(reading.module) : (directory.split('/').at(-1) ?? directory);
}

function packagePath(directory: string): string {
  return directory === '.' ? '.' : `./${directory}`;
}

function listPrograms(directories: readonly string[]): string {
  return directories.length === 0 ? 'none' : directories.map(packagePath).join(', ');
}
