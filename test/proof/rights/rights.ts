import { matchesIamPattern } from '../../iam/evaluate';
import type { Statement } from '../../iam/policy';

/** One action on one resource pattern that a statement grants to a role. */
export interface Right {
  /** With `<service>` in place of the name of a service. */
  readonly role: string;
  /** Sid of the statement. */
  readonly id: string;
  readonly action: string;
  readonly resource: string;
}

/** A call that was made, or that a service makes. */
export interface Use {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  /** Condition keys that decide about it. @default none */
  readonly context?: Readonly<Record<string, string>>;
}

/** What a role may do, and whether anybody did. */
export interface RightUse extends Right {
  readonly use: 'called' | 'by a service' | 'unused';
}

/** The rights of roles, by name of the role, as they are in a synthesized template. */
export function rightsOf(roles: ReadonlyMap<string, { readonly permissions: readonly Statement[] }>): readonly Right[] {
  return [...roles].flatMap(([role, { permissions }]) =>
    permissions.flatMap(({ sid = '', effect, actions, resources }) =>
      effect === 'Deny'
        ? []
        : actions.flatMap((action) => resources.map((resource) => ({ role, id: sid, action, resource }))),
    ),
  );
}

/**
 * Finds the uses of each right. Where several statements of a role allow a use, it counts for the one with the longest resource: a wildcard is not
 * in use because a service uses one of the resources that it matches.
 * @param called and services are in terms of the same names as the rights
 */
export function usesOf(
  rights: readonly Right[],
  called: readonly Use[],
  services: readonly Use[],
): readonly RightUse[] {
  const byServices = narrowest(rights, services);
  const byJobs = narrowest(rights, called);
  return rights.map((right) => ({
    ...right,
    use: byJobs.has(right) ? 'called' : byServices.has(right) ? 'by a service' : 'unused',
  }));
}

function narrowest(rights: readonly Right[], uses: readonly Use[]): ReadonlySet<Right> {
  const found = new Set<Right>();
  for (const use of uses) {
    const covering = rights.filter(
      (right) =>
        right.role === use.role && right.action === use.action && matchesIamPattern(right.resource, use.resource),
    );
    const longest = Math.max(...covering.map(({ resource }) => resource.length));
    for (const right of covering.filter(({ resource }) => resource.length === longest)) {
      found.add(right);
    }
  }
  return found;
}

/** Digests, key IDs and other names that each run chooses, in place of which an example stands. */
const chosen: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '00000000-0000-0000-0000-000000000000'],
  [/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g, 'a'.repeat(64)],
  // A commit.
  [/(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])/g, 'c'.repeat(40)],
];

/** Replaces what differs from run to run, and the names of services. */
export function generalize(use: Use, services: readonly string[]): Use {
  const name = new RegExp(`(?<![a-z0-9])(?:${services.join('|')})(?![a-z0-9])`, 'g');
  const text = (value: string) =>
    chosen.reduce((result, [pattern, example]) => result.replace(pattern, example), value.replace(name, '<service>'));
  return { ...use, role: text(use.role), resource: text(use.resource) };
}

/** Puts the name of a service where {@link generalize} took one away. */
export function specialize(use: Use, service: string): Use {
  const text = (value: string) => value.replaceAll('<service>', service);
  return { ...use, role: text(use.role), resource: text(use.resource) };
}

/** Sorted, each once. */
export function distinct<T extends Use>(uses: readonly T[]): readonly T[] {
  const byText = new Map(
    uses.map((use) => [`${use.role} ${use.action} ${use.resource} ${JSON.stringify(use.context ?? {})}`, use]),
  );
  return [...byText.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, use]) => use);
}
