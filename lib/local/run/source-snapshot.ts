import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join, normalize, resolve } from 'node:path';
import type { Service } from '../../catalog';
import { badInput } from '../../errors';
import {
  createTemporaryFolder,
  gitCommand,
  mustRun,
  readUserGitSettings,
  run,
  type UserGitSettings,
} from '../../process';
import { type CommitSha, commitSha } from '../../values';
import { addCloneContent, type IsolatedGit } from './clone-content';

/** The source of a run: its content, and a name that identifies the content. */
export interface SourceSnapshot {
  /** The commit. When the work tree differs from it: the hash of the work tree, a git tree. */
  readonly commit: CommitSha;
  /** Whether `commit` is a commit. False when there are uncommitted changes or no repository. */
  readonly committed: boolean;
  /** Submodules that are empty in the content, relative to the source directory. */
  readonly submodules: readonly string[];
  /** Submodules whose uncommitted changes are not in the content. */
  readonly changedSubmodules: readonly string[];
  /** Writes the content as the zip file that CodePipeline's source action would output, without .git. */
  writeZip(path: string): Promise<void>;
  dispose(): void;
}

/**
 * Captures a directory, with uncommitted changes, and without untracked files that git ignores. Writes neither to the directory nor to its repository.
 * @param clone whether the content is that of a clone, with submodules and the content of Git LFS, instead of that of an archive
 * @throws Error when the directory does not exist
 */
export async function snapshotSource(
  directory: string,
  clone: Service['source']['clone'] = 'archive',
): Promise<SourceSnapshot> {
  const source = resolve(directory);
  if (!existsSync(source) || !statSync(source).isDirectory()) {
    throw new Error(`the directory ${directory} does not exist`);
  }
  const { path: scratch, remove } = createTemporaryFolder('source');
  try {
    const user = await readUserGitSettings('source');
    const repository = await findRepository(source, user);
    const gitDirectory = join(scratch, 'repository');
    const git = await isolatedGit({ source, repository, scratch, gitDirectory, user });
    const head = repository === undefined ? undefined : await readHead(source, repository.prefix, user);
    if (head !== undefined) {
      // Keep tracked files, also those that git would ignore now.
      await git(source, ['read-tree', head.commit]);
    }
    await git(source, ['add', '--all', '--', '.']);
    const tree = (
      await git(source, ['write-tree', ...(repository?.prefix ? [`--prefix=${repository.prefix}`] : [])])
    ).trim();
    const content =
      clone === 'full'
        ? await addCloneContent(
            { git, user, gitDirectory, scratch },
            { tree, folder: source, objects: repository?.objects },
          )
        : { tree, missing: [], changed: [] };
    if (clone === 'full') {
      // A clone has the files that an archive leaves out by attribute, and has every file as it is (gitattributes(5)).
      mkdirSync(join(gitDirectory, 'info'), { recursive: true });
      writeFileSync(join(gitDirectory, 'info', 'attributes'), '* -export-ignore -export-subst\n');
    }
    const submodules = (await git(scratch, ['ls-tree', '-r', '-z', content.tree]))
      .split('\0')
      .filter((entry) => entry.startsWith('160000 '))
      .map((entry) => entry.slice(entry.indexOf('\t') + 1));
    const committed = head !== undefined && head.tree === tree;
    return {
      commit: commitSha(committed ? head.commit : tree),
      committed,
      submodules,
      changedSubmodules: content.changed,
      writeZip: async (path) => {
        // Run outside the work tree: inside it, git archive would archive the subfolder of the current directory.
        await git(scratch, ['archive', '--format=zip', '-0', `--output=${path}`, content.tree]);
      },
      dispose: remove,
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * Reports submodules whose content is missing, as in the archive of a pipeline's source action, or incomplete.
 * @param source where the service is, and whether the pipeline clones it
 * @throws BowlineError `input` when the Go module is in a submodule that is missing
 */
export function reportSubmodules(
  { submodules, changedSubmodules }: Pick<SourceSnapshot, 'submodules' | 'changedSubmodules'>,
  { directory, clone }: Pick<Service['source'], 'directory' | 'clone'>,
  note: (text: string) => void,
): void {
  const isClone = clone === 'full';
  for (const submodule of submodules) {
    if (`${normalize(directory)}/`.startsWith(`${submodule}/`)) {
      const reason = isClone
        ? 'is not checked out at its commit: run git submodule update --init --recursive'
        : 'the source of this pipeline is an archive, which has no submodules: set source.clone: full, or release the service from the repository of the submodule';
      throw badInput(
        'input',
        `source.directory (${directory}) is in the submodule ${submodule}${isClone ? ', which ' : ', and '}${reason}`,
      );
    }
    note(
      isClone
        ? `the submodule ${submodule} is empty in this run, because it is not checked out at its commit: if the build needs it, run git submodule update --init --recursive`
        : `the submodule ${submodule} is empty in this run, as on AWS: if the build needs it, set source.clone: full, vendor it (go mod vendor) or copy it`,
    );
  }
  for (const submodule of changedSubmodules) {
    note(`uncommitted changes of the submodule ${submodule} are not in this run: commit them there`);
  }
}

interface Repository {
  readonly top: string;
  /** Path of the source in the repository, with a final slash. Empty at its root. */
  readonly prefix: string;
  readonly objects: string;
}

async function findRepository(source: string, user: UserGitSettings): Promise<Repository | undefined> {
  const words = ['rev-parse', '--show-toplevel', '--show-prefix', '--git-path', 'objects'];
  const outcome = await run(gitCommand(words, { directory: source, user, timeoutSeconds: 30 }));
  if (outcome.exitCode !== 0) {
    return undefined;
  }
  const [top = '', prefix = '', objects = ''] = outcome.stdout.split('\n');
  return { top, prefix, objects: resolve(source, objects) };
}

async function readHead(
  source: string,
  prefix: string,
  user: UserGitSettings,
): Promise<{ readonly commit: string; readonly tree: string } | undefined> {
  const words = ['rev-parse', 'HEAD', `HEAD:${prefix}`];
  const outcome = await run(gitCommand(words, { directory: source, user, timeoutSeconds: 30 }));
  const [commit = '', tree = ''] = outcome.stdout.split('\n');
  return outcome.exitCode === 0 ? { commit, tree } : undefined;
}

interface IsolatedGitInput {
  readonly source: string;
  readonly repository: Repository | undefined;
  readonly scratch: string;
  readonly gitDirectory: string;
  readonly user: UserGitSettings;
}

/** git with a separate index and object folder, so that it does not change the repository. */
async function isolatedGit({
  source,
  repository,
  scratch,
  gitDirectory,
  user,
}: IsolatedGitInput): Promise<IsolatedGit> {
  const init = ['init', '--quiet', '--bare', '--template=', '--object-format=sha1', '--', gitDirectory];
  await mustRun(gitCommand(init, { directory: scratch, timeoutSeconds: 30 }));
  const environment = {
    GIT_DIR: gitDirectory,
    GIT_WORK_TREE: repository?.top ?? source,
    GIT_INDEX_FILE: join(scratch, 'index'),
    ...(repository === undefined ? {} : { GIT_ALTERNATE_OBJECT_DIRECTORIES: repository.objects }),
  };
  return async (directory, words, input) =>
    (await mustRun(gitCommand(words, { directory, user, environment, input, timeoutSeconds: 300 }))).stdout;
}
