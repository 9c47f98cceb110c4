import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { parseDocument } from 'yaml';

const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/**
 * Finds the files that a kustomization.yaml applies to other objects: `patches`, `patchesStrategicMerge`, `patchesJson6902`, `replacements` and
 * what is below a folder of `components`. They are parts of objects until `kubectl kustomize` has built them. A file that is a resource of a
 * kustomization is whole, whatever else names it.
 * @param files the YAML files; kustomizations beside them and in the folders above them count, up to the root of the repository
 */
export function findKustomizeParts(files: readonly string[]): ReadonlySet<string> {
  const references = foldersAround(files).flatMap(readKustomization);
  const resources = new Set(references.filter(({ role }) => role === 'resource').map(({ path }) => path));
  const parts = new Set(references.filter(({ role }) => role === 'part').map(({ path }) => path));
  const components = references.filter(({ role }) => role === 'component').map(({ path }) => path + sep);
  return new Set(
    files.filter((file) => {
      const path = resolve(file);
      const isPart = parts.has(path) && !resources.has(path);
      return isPart || (components.some((folder) => path.startsWith(folder)) && !names.includes(basename(path)));
    }),
  );
}

/** The folders of files and all folders above them, up to one with `.git`. */
function foldersAround(files: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  for (const file of files) {
    let folder = dirname(resolve(file));
    while (!folders.has(folder)) {
      folders.add(folder);
      if (existsSync(join(folder, '.git')) || folder === dirname(folder)) {
        break;
      }
      folder = dirname(folder);
    }
  }
  return [...folders];
}

interface Reference {
  readonly role: 'resource' | 'part' | 'component';
  readonly path: string;
}

function readKustomization(folder: string): readonly Reference[] {
  const file = names
    .map((name) => join(folder, name))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  const content = file === undefined ? {} : readMap(file);
  // Flux has a kind of the same name, and its objects often have this file name.
  if (content.apiVersion !== undefined && !String(content.apiVersion).startsWith('kustomize.config.k8s.io/')) {
    return [];
  }
  const paths = (field: string, pathOf: (entry: unknown) => unknown = (entry) => entry) =>
    (Array.isArray(content[field]) ? content[field] : [])
      .map(pathOf)
      .filter((path): path is string => typeof path === 'string' && !path.includes('\n'))
      .map((path) => resolve(folder, path));
  // Before `path`, an entry of `patches` was the path itself.
  const pathField = (entry: unknown) =>
    typeof entry === 'string' ? entry : (entry as { readonly path?: unknown } | null)?.path;
  return [
    ...paths('resources').map((path): Reference => ({ role: 'resource', path })),
    ...paths('components').map((path): Reference => ({ role: 'component', path })),
    ...[
      ...paths('patches', pathField),
      ...paths('patchesStrategicMerge'),
      ...paths('patchesJson6902', pathField),
      ...paths('replacements', pathField),
    ].map((path): Reference => ({ role: 'part', path })),
  ];
}

function readMap(file: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = parseDocument(readFileSync(file, 'utf8'), { logLevel: 'error' }).toJS();
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    // A broken kustomization names nothing. It is reported as unreadable if it is among the checked files.
    return {};
  }
}
