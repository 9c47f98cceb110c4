import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { badInput } from '../../errors';
import { gitCommand, ProgramError, readUserGitSettings, run, runTool } from '../../process';
import { toolPath } from '../../tools';
import type { ConfigurationFile } from './configuration';
import { type Reading, readingSchema } from './reading';
import type { GitFacts } from './repository';

/** A module in a checkout. */
export interface ModuleFolder {
  /** The root of the repository, or the named folder where there is no repository. */
  readonly root: string;
  /** The folder of go.mod, relative to the root. */
  readonly directory: string;
}

/** How deep below the named folder a go.mod is searched. */
const searchDepth = 3;

/** Finds the module of a checkout. @throws BowlineError `input` if there is none, or several */
export async function findModule(from: string): Promise<ModuleFolder> {
  const folder = resolve(from);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw badInput('input', `--from ${from}: no such folder: name the checkout of a Go service`);
  }
  const root = (await git(folder, ['rev-parse', '--show-toplevel'])) ?? folder;
  const module = existsSync(join(folder, 'go.mod')) ? [folder] : modulesBelow(folder, searchDepth);
  const [only] = module;
  if (only === undefined) {
    throw badInput('input', `--from ${from}: no go.mod in this folder or below: name the checkout of a Go service`);
  }
  if (module.length > 1) {
    throw badInput(
      'input',
      `--from ${from}: several Go modules (${module.map((path) => relative(folder, path)).join(', ')}): name one of these folders`,
    );
  }
  return { root, directory: relative(root, only) || '.' };
}

function modulesBelow(folder: string, depth: number): readonly string[] {
  if (existsSync(join(folder, 'go.mod'))) {
    return [folder];
  }
  return depth === 0
    ? []
    : readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !/^(?:\.|_|vendor$|node_modules$|testdata$)/.test(entry.name))
        .flatMap((entry) => modulesBelow(join(folder, entry.name), depth - 1));
}

/** The largest repositories take a few seconds. */
const readerSeconds = 120;

/** The exit code with which the reader says that the source is wrong. */
const wrongSource = 3;

/** Reads the source of a module. Nothing of it is executed. @throws BowlineError `input` for a go.mod that cannot be read, ProgramError */
export async function readModule({ root, directory }: ModuleFolder): Promise<Reading> {
  const outcome = await runTool({
    program: toolPath('service-reader'),
    arguments: [root, directory],
    timeoutSeconds: readerSeconds,
  });
  if (outcome.exitCode === wrongSource) {
    throw badInput('input', `${outcome.stderr.trim()}: nothing was written`);
  }
  if (outcome.exitCode !== 0) {
    throw new ProgramError('service-reader', outcome);
  }
  return readingSchema.parse(JSON.parse(outcome.stdout));
}

/** Reads the remote and the branch of a checkout. */
export async function readGit({ root }: ModuleFolder): Promise<GitFacts> {
  const head = await git(root, ['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD']);
  const current = await git(root, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  const remote = await git(root, ['config', '--get', 'remote.origin.url']);
  const branch = head?.replace(/^origin\//, '') ?? current;
  return {
    ...(remote === undefined ? {} : { remote }),
    ...(branch === undefined
      ? {}
      : {
          branch,
          branchWhere: head === undefined ? 'the branch of the checkout' : 'the default branch of git remote origin',
        }),
  };
}

async function git(directory: string, command: readonly string[]): Promise<string | undefined> {
  const user = await readUserGitSettings('source');
  const { exitCode, stdout } = await run(gitCommand(command, { directory, user, timeoutSeconds: 30 }));
  const text = stdout.trim();
  return exitCode === 0 && text !== '' ? text : undefined;
}

/** Reads a configuration file of a module, with its path in the checkout. */
export function readConfiguration({ root, directory }: ModuleFolder, path: string): ConfigurationFile | undefined {
  const file = join(root, directory, path);
  return existsSync(file) && statSync(file).isFile()
    ? { file: relative(root, file), text: readFileSync(file, 'utf8') }
    : undefined;
}

/** Manifests are near the root of a checkout, and small. */
const manifestDepth = 4;
const maxManifestBytes = 200_000;

/** Reads the YAML files of a checkout that have probes of Kubernetes. Templates, such as Helm's, are left out. */
export function readManifests({ root }: ModuleFolder): readonly ConfigurationFile[] {
  return yamlFilesBelow(root, manifestDepth).flatMap((path) => {
    if (statSync(path).size > maxManifestBytes) {
      return [];
    }
    const text = readFileSync(path, 'utf8');
    return text.includes('httpGet') && !text.includes('{{') ? [{ file: relative(root, path), text }] : [];
  });
}

function yamlFilesBelow(folder: string, depth: number): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(folder, entry.name));
  const folders = entries.filter(
    (entry) => entry.isDirectory() && !/^(?:\.|vendor$|node_modules$|testdata$)/.test(entry.name),
  );
  return depth === 0
    ? files
    : [...files, ...folders.flatMap((entry) => yamlFilesBelow(join(folder, entry.name), depth - 1))];
}
