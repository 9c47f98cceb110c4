import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, normalize, resolve } from 'node:path';
import { badInput } from '../../errors';
import { mustRun, run } from '../../process';
import { type CommitSha, commitSha } from '../../values';

/** The source of one run: a name for exactly this content, and the content as a zip. */
export interface SourceSnapshot {
  /** The commit; where the work tree differs from it, the name of the tree as it is. */
  readonly commit: CommitSha;
  /** Whether `commit` names a commit of the repository. False: there are changes that are not committed, or there is no repository. */
  readonly committed: boolean;
  /** Folders that are commits of other repositories, from the source directory: they are empty in the content. */
  readonly submodules: readonly string[];
  /** Writes the content, without git's own folder, as CodePipeline's source action would hand it on. */
  writeZip(path: string): Promise<void>;
  dispose(): void;
}

/**
 * Takes a directory as it stands, committed or not. What git ignores and does not track is left out. Nothing is written into the directory or its repository.
 * @throws Error when there is no such directory
 */
export async function snapshotSource(directory: string): Promise<SourceSnapshot> {
  const source = resolve(directory);
  if (!existsSync(source) || !statSync(source).isDirectory()) {
    throw new Error(`there is no directory ${directory}`);
  }
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-source-'));
  try {
    const repository = await repositoryOf(source);
    const git = await privateGit(source, repository, scratch);
    const head = repository === undefined ? undefined : await headOf(source, repository.prefix);
    if (head !== undefined) {
      // What is tracked stays in, even where git would ignore it now.
      await git(source, 'read-tree', head.commit);
    }
    await git(source, 'add', '--all', '--', '.');
    const tree = (
      await git(source, 'write-tree', ...(repository?.prefix ? [`--prefix=${repository.prefix}`] : []))
    ).trim();
    const submodules = (await git(scratch, 'ls-tree', '-r', '-z', tree))
      .split('\0')
      .filter((entry) => entry.startsWith('160000 '))
      .map((entry) => entry.slice(entry.indexOf('\t') + 1));
    const committed = head !== undefined && head.tree === tree;
    return {
      commit: commitSha(committed ? head.commit : tree),
      committed,
      submodules,
      writeZip: async (path) => {
        // From outside of the work tree: inside of it git archive would look for its own folder in the tree.
        await git(scratch, 'archive', '--format=zip', '-0', `--output=${path}`, tree);
      },
      dispose: () => rmSync(scratch, { recursive: true, force: true }),
    };
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    throw error;
  }
}

/**
 * What a run has to say of submodules. A pipeline's source action hands on a repository's own files alone, so the local run does, too.
 * @param directory folder of go.mod, from the source directory
 * @throws BowlineError `input` when the module lies in one
 */
export function reportSubmodules(
  { submodules }: Pick<SourceSnapshot, 'submodules'>,
  directory: string,
  note: (text: string) => void,
): void {
  for (const submodule of submodules) {
    if (`${normalize(directory)}/`.startsWith(`${submodule}/`)) {
      throw badInput(
        'input',
        `source.directory (${directory}) lies in the submodule ${submodule}, and a pipeline's source has no content of submodules: release it from the repository that it comes from`,
      );
    }
    note(
      `the submodule ${submodule} is empty in this run, as it is on AWS: a pipeline's source has no content of submodules. What the build needs of it, vendor (go mod vendor) or copy`,
    );
  }
}

interface Repository {
  readonly top: string;
  /** Path of the source in the repository, with a final slash; empty at its root. */
  readonly prefix: string;
  readonly objects: string;
}

async function repositoryOf(source: string): Promise<Repository | undefined> {
  const outcome = await run({
    program: 'git',
    arguments: ['rev-parse', '--show-toplevel', '--show-prefix', '--git-path', 'objects'],
    directory: source,
    timeoutSeconds: 30,
  });
  if (outcome.exitCode !== 0) {
    return undefined;
  }
  const [top = '', prefix = '', objects = ''] = outcome.stdout.split('\n');
  return { top, prefix, objects: resolve(source, objects) };
}

async function headOf(
  source: string,
  prefix: string,
): Promise<{ readonly commit: string; readonly tree: string } | undefined> {
  const outcome = await run({
    program: 'git',
    arguments: ['rev-parse', 'HEAD', `HEAD:${prefix}`],
    directory: source,
    timeoutSeconds: 30,
  });
  const [commit = '', tree = ''] = outcome.stdout.split('\n');
  return outcome.exitCode === 0 ? { commit, tree } : undefined;
}

/** git with an index and an object folder of its own, so that looking leaves no trace. */
async function privateGit(
  source: string,
  repository: Repository | undefined,
  scratch: string,
): Promise<(directory: string, ...words: readonly string[]) => Promise<string>> {
  const own = join(scratch, 'repository');
  await mustRun({ program: 'git', arguments: ['init', '--quiet', '--bare', own], timeoutSeconds: 30 });
  const environment = {
    GIT_DIR: own,
    GIT_WORK_TREE: repository?.top ?? source,
    GIT_INDEX_FILE: join(scratch, 'index'),
    GIT_ALTERNATE_OBJECT_DIRECTORIES: repository?.objects,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
  return async (directory, ...words) =>
    (
      await mustRun({
        program: 'git',
        arguments: ['-c', 'core.fsmonitor=', '-c', 'core.hooksPath=/dev/null', '-c', 'core.autocrlf=false', ...words],
        directory,
        environment,
        timeoutSeconds: 300,
      })
    ).stdout;
}
