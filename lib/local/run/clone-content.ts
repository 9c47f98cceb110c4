import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gitCommand, run, type UserGitSettings } from '../../process';

/** git with an index and an object folder of its own. @returns standard output */
export type IsolatedGit = (directory: string, words: readonly string[], input?: string) => Promise<string>;

export interface CloneContentInput {
  readonly git: IsolatedGit;
  readonly user: UserGitSettings;
  /** The folder of the isolated repository. */
  readonly gitDirectory: string;
  /** Where git commands run that read no work tree. */
  readonly scratch: string;
}

/** A tree with everything that a clone of a pipeline has. */
export interface CloneContent {
  readonly tree: string;
  /** Submodules that this machine has not checked out. They are empty. */
  readonly missing: readonly string[];
  /** Submodules with uncommitted changes, which are not in the tree. */
  readonly changed: readonly string[];
}

interface Part {
  readonly tree: string;
  /** The work tree. */
  readonly folder: string;
  /** The object folder of its repository, if it has one. */
  readonly objects?: string;
}

/**
 * Adds to a tree what a pipeline with `source.clone: full` fetches: the submodules at the commits that the tree names, and the content of files in
 * Git LFS. Both come from this machine. A file whose content it does not have stays a pointer, which the build refuses if it reads it.
 */
export async function addCloneContent(input: CloneContentInput, part: Part): Promise<CloneContent> {
  const { git, scratch } = input;
  const missing: string[] = [];
  const changed: string[] = [];
  const contents: { readonly path: string; readonly tree: string }[] = [];
  for (const { path, commit } of await readLinks(input, part.tree)) {
    const folder = join(part.folder, path);
    const objects = await objectsOf(input, folder);
    const tree = objects === undefined ? undefined : await readTree(input, objects, commit);
    if (tree === undefined) {
      missing.push(path);
      continue;
    }
    if (await hasChanges(input, folder)) {
      changed.push(path);
    }
    const inner = await addCloneContent(input, { tree, folder, objects });
    contents.push({ path, tree: inner.tree });
    missing.push(...inner.missing.map((name) => `${path}/${name}`));
    changed.push(...inner.changed.map((name) => `${path}/${name}`));
  }
  await git(scratch, ['read-tree', part.tree]);
  for (const { path, tree } of contents) {
    await git(scratch, ['update-index', '-z', '--force-remove', '--stdin'], `${path}\0`);
    await git(scratch, ['read-tree', `--prefix=${path}/`, tree]);
  }
  // The attributes of a submodule count for its own files only: it has replaced its pointers already.
  await replacePointers(input, part, contents);
  return { tree: (await git(scratch, ['write-tree'])).trim(), missing, changed };
}

async function readLinks(
  { git, scratch }: CloneContentInput,
  tree: string,
): Promise<readonly { readonly path: string; readonly commit: string }[]> {
  return (await git(scratch, ['ls-tree', '-r', '-z', tree])).split('\0').flatMap((line) => {
    const [, commit, path] = /^160000 commit ([0-9a-f]{40})\t(.+)$/s.exec(line) ?? [];
    return commit === undefined || path === undefined ? [] : [{ commit, path }];
  });
}

/** The object folder of a submodule. Undefined if it is not checked out: git then answers for the repository above it. */
async function objectsOf({ user }: CloneContentInput, folder: string): Promise<string | undefined> {
  if (!existsSync(join(folder, '.git'))) {
    return undefined;
  }
  const words = ['rev-parse', '--path-format=absolute', '--git-path', 'objects'];
  const { exitCode, stdout } = await run(gitCommand(words, { directory: folder, user, timeoutSeconds: 30 }));
  return exitCode === 0 ? stdout.trim() : undefined;
}

async function readTree(
  { git, gitDirectory, scratch }: CloneContentInput,
  objects: string,
  commit: string,
): Promise<string | undefined> {
  mkdirSync(join(gitDirectory, 'objects', 'info'), { recursive: true });
  appendFileSync(join(gitDirectory, 'objects', 'info', 'alternates'), `${objects}\n`);
  try {
    return (await git(scratch, ['rev-parse', '--verify', '--quiet', `${commit}^{tree}`])).trim();
  } catch {
    // The submodule is behind the commit that the tree names.
    return undefined;
  }
}

async function hasChanges({ user }: CloneContentInput, folder: string): Promise<boolean> {
  const words = ['status', '--porcelain', '-z', '--ignore-submodules=all'];
  const { stdout } = await run(gitCommand(words, { directory: folder, user, timeoutSeconds: 120 }));
  return stdout !== '';
}

interface Pointer {
  readonly mode: string;
  readonly path: string;
  /** sha256 of the content. */
  readonly oid: string;
}

async function replacePointers(
  input: CloneContentInput,
  part: Part,
  submodules: readonly { readonly path: string }[],
): Promise<void> {
  const { git, scratch, gitDirectory } = input;
  const stores = [gitDirectory, ...(part.objects === undefined ? [] : [dirname(part.objects)])];
  const found = (await readPointers(input, submodules)).flatMap((pointer) => {
    const { oid, path } = pointer;
    const stored = stores.map((store) => join(store, 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid));
    const file = [...stored, join(part.folder, path)].find((candidate) => hasContent(candidate, oid));
    return file === undefined ? [] : [{ ...pointer, file }];
  });
  if (found.length === 0) {
    return;
  }
  const files = found.map(({ file }) => `${file}\n`).join('');
  const blobs = (await git(scratch, ['hash-object', '-w', '--no-filters', '--stdin-paths'], files)).split('\n');
  const entries = found.map(({ mode, path }, index) => `${mode} ${blobs[index]}\t${path}\0`).join('');
  await git(scratch, ['update-index', '-z', '--index-info'], entries);
}

/** Files of the index with the attribute `filter=lfs`, whose content is a pointer (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
async function readPointers(
  { git, scratch }: CloneContentInput,
  submodules: readonly { readonly path: string }[],
): Promise<readonly Pointer[]> {
  const staged = (await git(scratch, ['ls-files', '-z', '--stage'])).split('\0').flatMap((line) => {
    const [, mode, blob, path] = /^(100[0-7]{3}) ([0-9a-f]{40}) 0\t(.+)$/s.exec(line) ?? [];
    const isOwn = path !== undefined && !submodules.some((submodule) => path.startsWith(`${submodule.path}/`));
    return isOwn && mode !== undefined && blob !== undefined ? [{ mode, blob, path }] : [];
  });
  const paths = staged.map(({ path }) => `${path}\0`).join('');
  const fields = (await git(scratch, ['check-attr', '--cached', '-z', '--stdin', 'filter'], paths)).split('\0');
  const filtered = new Set(fields.filter((_, index) => index % 3 === 0 && fields[index + 2] === 'lfs'));
  const candidates = staged.filter(({ path }) => filtered.has(path));
  if (candidates.length === 0) {
    return [];
  }
  const contents = await git(scratch, ['cat-file', '--batch'], candidates.map(({ blob }) => `${blob}\n`).join(''));
  const pointer =
    /^([0-9a-f]{40}) blob [0-9]+\nversion https:\/\/git-lfs\.github\.com\/spec\/v1\noid sha256:([0-9a-f]{64})$/gm;
  const oids = new Map([...contents.matchAll(pointer)].map(([, blob = '', oid = '']) => [blob, oid] as const));
  return candidates.flatMap(({ mode, blob, path }) => {
    const oid = oids.get(blob);
    return oid === undefined ? [] : [{ mode, path, oid }];
  });
}

function hasContent(file: string, oid: string): boolean {
  return existsSync(file) && createHash('sha256').update(readFileSync(file)).digest('hex') === oid;
}
