import type { SourceFacts } from './facts';

/** What the build context consists of. */
export interface BuildLayout {
  /** The folder that is the build context, relative to the checkout. */
  readonly root: string;
  /** The folder of go.mod, relative to the root. */
  readonly module: string;
  /** Whether the go command builds in the workspace. */
  readonly workspace: boolean;
  /** Whether packages come from a vendor folder. */
  readonly vendored: boolean;
  /** Whether the context is the module alone. Otherwise it lists the modules that it contains. */
  readonly moduleOnly: boolean;
}

/**
 * Chooses the build context: the folder of the module, or the root of the repository if the build reads other folders of it (a workspace, a
 * replacement by a folder, a link).
 */
export function buildLayout(facts: SourceFacts): BuildLayout {
  const directory = facts.module?.directory ?? '.';
  const workspace = facts.mode === 'workspace' || facts.mode === 'workspace-vendor';
  const vendored = facts.mode === 'vendor' || facts.mode === 'workspace-vendor';
  const readsOthers =
    workspace ||
    (!vendored && facts.replacements.some(({ required, place }) => required && place === 'checkout')) ||
    facts.links.some(({ target }) => target !== '' && !isBelow(target, directory));
  const root = readsOthers ? '.' : directory;
  return { root, module: pathBelow(root, directory), workspace, vendored, moduleOnly: !readsOthers };
}

/**
 * What a path of `build.include` names: a path below the module and, if the context is the whole repository, one below its root, so that files of
 * other modules can be included. Relative to the checkout.
 */
export function includedPaths(facts: SourceFacts, path: string): readonly string[] {
  const own = joinPaths(facts.module?.directory ?? '.', path);
  return buildLayout(facts).moduleOnly || own === normalizePath(path) ? [own] : [own, normalizePath(path)];
}

/** In a workspace, `go mod download` also fetches the versions that go.mod requires of its own modules, which may be published nowhere. */
export function hasNothingToDownload({ requirements }: SourceFacts, { workspace }: BuildLayout): boolean {
  return workspace && requirements.every(({ local }) => local);
}

/** Whether a path is a folder or below it. Both are relative to the checkout. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

/** A path of the checkout, relative to one of its folders that contains it. */
export function pathBelow(folder: string, path: string): string {
  if (path === folder) {
    return '.';
  }
  return folder === '.' ? path : path.slice(folder.length + 1);
}

/** Joins two relative paths, of which each can be `.` or begin with `./`. */
export function joinPaths(folder: string, path: string): string {
  const [first, second] = [folder, path].map(normalizePath);
  return first === '.' ? `${second}` : second === '.' ? `${first}` : `${first}/${second}`;
}

/** Normalizes `./cmd/hello/` to `cmd/hello`. */
export function normalizePath(path: string): string {
  return path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '') || '.';
}
