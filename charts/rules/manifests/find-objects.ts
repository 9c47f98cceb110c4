import type { LocatedObject, Path } from './objects';

export function findByKind(objects: readonly LocatedObject[], kind: string, group?: string): readonly LocatedObject[] {
  return objects.filter(
    (object) => object.kind === kind && (group === undefined || object.apiVersion.startsWith(`${group}/`)),
  );
}

/** Objects in the closest folder first: a tree often holds several examples or overlays with the same names. */
export function sortByDistance(object: LocatedObject, candidates: readonly LocatedObject[]): readonly LocatedObject[] {
  return [...candidates].sort((a, b) => countSharedFolders(object, b) - countSharedFolders(object, a));
}

/** How many folders the files of two objects share, from the root on. */
export function countSharedFolders(a: LocatedObject, b: LocatedObject): number {
  const foldersOfA = a.file.split('/').slice(0, -1);
  const foldersOfB = b.file.split('/').slice(0, -1);
  const firstDifference = foldersOfA.findIndex((folder, index) => folder !== foldersOfB[index]);
  return firstDifference === -1 ? foldersOfA.length : firstDifference;
}

/** Whether two objects may be in one namespace. A file without a namespace gets it when it is applied. */
export function haveSameNamespace(a: LocatedObject, b: LocatedObject): boolean {
  return a.namespace === b.namespace || a.namespace === '' || b.namespace === '';
}

export function listAt(object: LocatedObject, path: Path): readonly unknown[] {
  const value = object.get(...path);
  return Array.isArray(value) ? value : [];
}

export function mapAt(object: LocatedObject, path: Path): Readonly<Record<string, unknown>> {
  const value = object.get(...path);
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
