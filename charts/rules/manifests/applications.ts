import { findByKind } from './find-objects';
import type { LocatedObject, Path } from './objects';

/** An Argo CD Application, or the template of an ApplicationSet. */
export interface ApplicationTemplate {
  readonly object: LocatedObject;
  /** The path of its `metadata` and `spec`. */
  readonly base: Path;
  get(...path: Path): unknown;
}

export function findApplications(objects: readonly LocatedObject[]): readonly ApplicationTemplate[] {
  const templatesIn = (kind: string, base: Path) =>
    findByKind(objects, kind, 'argoproj.io').map((object) => ({
      object,
      base,
      get: (...path: Path) => object.get(...base, ...path),
    }));
  return [...templatesIn('Application', []), ...templatesIn('ApplicationSet', ['spec', 'template'])];
}
