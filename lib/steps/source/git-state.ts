import { join } from 'node:path';
import type { GitState } from '../../image';
import { gitCommand, readUserGitSettings, run } from '../../process';

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
  const ignored = new Set(await git(checkout, ['check-ignore', '-z', '--stdin'], untracked));
  const states: Pick<GitState, 'ignored' | 'untracked' | 'lfs'>[] = [
    {
      ignored: untracked.filter((file) => ignored.has(file)),
      untracked: untracked.filter((file) => !ignored.has(file)),
      lfs: await lfsFiles(checkout, others),
    },
  ];
  for (const submodule of submodules) {
    const inner = inSubmodules.filter((file) => ofSubmodule(file) === submodule);
    const state = inner.length === 0 ? undefined : await readSubmodule(checkout, submodule, inner);
    states.push(...(state === undefined ? [] : [state]));
  }
  return {
    ignored: states.flatMap((state) => state.ignored),
    untracked: states.flatMap((state) => state.untracked),
    submodules: inSubmodules.map((file) => ({ file, submodule: ofSubmodule(file) ?? '' })),
    lfs: states.flatMap((state) => state.lfs),
  };
}

/** The state of files in a submodule, which is a repository of its own. */
async function readSubmodule(
  checkout: string,
  submodule: string,
  files: readonly string[],
): Promise<Pick<GitState, 'ignored' | 'untracked' | 'lfs'> | undefined> {
  const prefix = `${submodule}/`;
  const state = await readGitState(
    join(checkout, submodule),
    files.map((file) => file.slice(prefix.length)),
  );
  const below = (paths: readonly string[]) => paths.map((path) => `${prefix}${path}`);
  return state && { ignored: below(state.ignored), untracked: below(state.untracked), lfs: below(state.lfs) };
}

/** Files with the attribute `filter=lfs`. The answer of git has three fields per file: path, attribute, value. */
async function lfsFiles(checkout: string, paths: readonly string[]): Promise<readonly string[]> {
  const fields = (await git(checkout, ['check-attr', '-z', '--stdin', 'filter'], paths)) ?? [];
  return fields.filter((_, index) => index % 3 === 0 && fields[index + 2] === 'lfs');
}

/**
 * The fields of git's answer. Undefined if git fails, or finds nothing.
 * @param paths written to standard input
 */
async function git(
  directory: string,
  words: readonly string[],
  paths?: readonly string[],
): Promise<readonly string[] | undefined> {
  const outcome = await run(
    gitCommand(words, {
      directory,
      user: await readUserGitSettings('source'),
      input: paths?.map((path) => `${path}\0`).join(''),
      timeoutSeconds: 60,
    }),
  );
  return outcome.exitCode === 0 ? outcome.stdout.split('\0').filter((field) => field !== '') : undefined;
}
