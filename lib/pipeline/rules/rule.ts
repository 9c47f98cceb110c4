/** The resources of one synthesized template, by logical id. */
export type Resources = Readonly<Record<string, Resource>>;

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

export interface Finding {
  /** Logical id. */
  readonly resource: string;
  /** What is wrong, with the value found. */
  readonly message: string;
}

/** Something that must hold in every template, whatever construct made it. Its id is the name of its file. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly check: (resources: Resources) => readonly Finding[];
}

/** Judges every resource of a type by itself: a message for each thing that is wrong. */
export function forEach(
  type: string,
  judge: (properties: Readonly<Record<string, unknown>>, resource: Resource) => readonly string[],
): Rule['check'] {
  return (resources) =>
    Object.entries(resources)
      .filter(([, resource]) => resource.Type === type)
      .flatMap(([id, resource]) =>
        judge(resource.Properties ?? {}, resource).map((message) => ({ resource: id, message })),
      );
}

/** A member of what may or may not be an object. */
export function member(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner !== null && typeof inner === 'object' ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  );
}

export function list(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
