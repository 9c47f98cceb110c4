import type { LocatedObject, Path } from './manifests/objects';

export type Level = 'error' | 'warning';

/** What a rule has to say about one place of one object. */
export interface Finding {
  readonly object: LocatedObject;
  readonly path: Path;
  /** What is there, what comes of it, and the way out. */
  readonly message: string;
  /** @default that of the rule */
  readonly level?: Level;
}

/** A rule over all objects that are looked at together. */
export interface Rule {
  /** Stable: people accept findings by it. */
  readonly id: `PD${string}`;
  readonly title: string;
  readonly why: string;
  readonly level: Level;
  check(objects: readonly LocatedObject[]): readonly Finding[];
}
