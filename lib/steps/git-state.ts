import type { GitState } from '../image';
import { run } from '../process';

/** Arguments of one call: Linux accepts about 2 MB. */
const pathsPerCall = 500;

/**
 * Finds out which files git would not hand over to a pipeline: untracked and ignored files, files of submodules, and files in Git LFS.
 * @param checkout the root of the source, in a work tree of git or not
 * @param files relative to the checkout
 * @returns undefined if the checkout is in no repository, as in a pipeline
 */
export async function readGitState(checkout: string, files: readonly string[]): Promise<GitState | undefined> {
  const index = await git(checkout, ['ls-files', '-z', '--stage']);
  if (index === undefined) {
    return undefined;
  }
  const entries = index.map((entry) => ({ mode: entry.slice(0, 6), path: entry.slice(entry.indexOf('\t') + 1) }));
  const tracked = new Set(entries.map(({ path }) => path));
  const submodules = entries.filter(({ mode }) => mode === '160000').map(({ path }) => path);
  const ofSubmodule = (file: string) => submodules.find((path) => file.startsWith(`${path}/`));
  const inSubmodules = files.filter((file) => ofSubmodule(file) !== undefined);
  const others = files.filter((file) => ofSubmodule(file) === undefined);
  const untracked = others.filter((file) => !tracked.has(file));
  const ignored = new Set(await inChunks(untracked, (paths) => git(checkout, ['check-ignore', '-z', '--', ...paths])));
  return {
    ignored: untracked.filter((file) => ignored.has(file)),
    untracked: untracked.filter((file) => !ignored.has(file)),
    submodules: inSubmodules.map((file) => ({ file, submodule: ofSubmodule(file) ?? '' })),
    lfs: await inChunks(others, (paths) => lfsFiles(checkout, paths)),
  };
}

/** Files with the attribute `filter=lfs`. The answer of git has three fields per file: path, attribute, value. */
async function lfsFiles(checkout: string, paths: readonly string[]): Promise<readonly string[] | undefined> {
  const fields = (await git(checkout, ['check-attr', '-z', 'filter', '--', ...paths])) ?? [];
  return fields.filter((_, index) => index % 3 === 0 && fields[index + 2] === 'lfs');
}

async function inChunks(
  paths: readonly string[],
  ask: (paths: readonly string[]) => Promise<readonly string[] | undefined>,
): Promise<readonly string[]> {
  const answers: string[] = [];
  for (let start = 0; start < paths.length; start += pathsPerCall) {
    answers.push(...((await ask(paths.slice(start, start + pathsPerCall))) ?? []));
  }
  return answers;
}

/** The fields of git's answer. Undefined if git fails, or finds nothing. */
async function git(directory: string, words: readonly string[]): Promise<readonly string[] | undefined> {
  const outcome = await run({
    program: 'git',
    arguments: ['-c', 'core.fsmonitor=', ...words],
    directory,
    environment: { GIT_LITERAL_PATHSPECS: '1', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' },
    timeoutSeconds: 60,
  });
  return outcome.exitCode === 0 ? outcome.stdout.split('\0').filter((field) => field !== '') : undefined;
}
