import { findByKind } from './canaries';
import type { LocatedObject, Path } from './objects';

/** An Application of Argo CD, or what an ApplicationSet makes its Applications of. */
export interface ApplicationLike {
  readonly object: LocatedObject;
  /** Where its `metadata` and `spec` are. */
  readonly base: Path;
  get(...path: Path): unknown;
}

export function applications(objects: readonly LocatedObject[]): readonly ApplicationLike[] {
  const of = (kind: string, base: Path) =>
    findByKind(objects, kind, 'argoproj.io').map((object) => ({
      object,
      base,
      get: (...path: Path) => object.get(...base, ...path),
    }));
  return [...of('Application', []), ...of('ApplicationSet', ['spec', 'template'])];
}
