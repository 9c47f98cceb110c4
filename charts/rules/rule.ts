import type { LocatedObject, Path } from './manifests/objects';

/** A check of manifests. It gets all objects at once, because many rules compare objects with each other. */
export interface Rule {
  /** Stable: annotations accept findings by it. */
  readonly id: `PD${string}`;
  readonly title: string;
  readonly why: string;
  readonly level: Level;
  /** Whether it validates objects against the schema of their kind. */
  readonly validatesSchema?: boolean;
  /** The part of the object, such as `spec.analysis`, that its findings are computed from. If that does not match its schema, there are none. */
  readonly computesFrom?: string;
  check(objects: readonly LocatedObject[]): readonly Finding[];
}

/** What a rule reports about one field of one object. */
export interface Finding {
  readonly object: LocatedObject;
  readonly path: Path;
  /** What was found, what it causes, and the remedy. */
  readonly message: string;
  /** The object that the finding is computed from, where that is another one: the Canary of a Deployment. */
  readonly basis?: LocatedObject;
  /** @default the level of the rule */
  readonly level?: Level;
}

export type Level = 'error' | 'warning';
