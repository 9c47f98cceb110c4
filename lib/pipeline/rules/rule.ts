/** The resources of one synthesized template, by logical ID. */
export type Resources = Readonly<Record<string, Resource>>;

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

export interface Finding {
  /** Logical ID. */
  readonly resource: string;
  /** What is wrong, with the value found. */
  readonly message: string;
}

/** A requirement on every template, whatever construct created it. Its ID is the name of its file. */
export interface Rule {
  readonly id: string;
  /** What the rule requires. */
  readonly title: string;
  /** What can happen without the rule. */
  readonly why: string;
  readonly check: (resources: Resources) => readonly Finding[];
}

/** Checks every resource of a type on its own. `check` returns one message per problem. */
export function checkEach(
  type: string,
  check: (properties: Readonly<Record<string, unknown>>, resource: Resource) => readonly string[],
): Rule['check'] {
  return (resources) =>
    Object.entries(resources)
      .filter(([, resource]) => resource.Type === type)
      .flatMap(([id, resource]) =>
        check(resource.Properties ?? {}, resource).map((message) => ({ resource: id, message })),
      );
}

/** Reads a nested member. Returns undefined if a value on the path is not an object. */
export function readMember(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (current === null || typeof current !== 'object') {
      return undefined;
    }
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

/** CloudFormation and IAM accept a single value in place of a list. */
export function toList(value: unknown): readonly unknown[] {
  if (value === undefined) {
    return [];
  }
  return Array.isArray(value) ? value : [value];
}

/** Whether a repository holds a layer cache, which builds recreate: `cache` is a segment of its name. */
export function isCacheRepository(repositoryName: unknown): boolean {
  return String(repositoryName).split('/').includes('cache');
}
