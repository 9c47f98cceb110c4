import type { Observation } from './observation';

/**
 * The IDs that name one vulnerability each, the most general form first. They are equivalent where an advisory lists several. A bulletin of a vendor
 * (DSA, DLA, RHSA, USN, ELSA, ALAS, GLSA, …) fixes several vulnerabilities at once, so it is no other name of any of them.
 */
const advisoryForms = [/^CVE-\d{4}-\d{4,}$/, /^GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}$/, /^GO-\d{4}-\d{4,}$/] as const;

export function isAdvisoryId(id: string): boolean {
  return advisoryForms.some((form) => form.test(id));
}

/** The other names of an advisory among those that a scanner lists with it. */
export function equivalentIds(id: string, listed: readonly string[]): readonly string[] {
  return [...new Set(listed)].filter((other) => other !== id && isAdvisoryId(other));
}

/** The vulnerability that an observation is about. */
export interface Vulnerability {
  /** Equal for observations of the same vulnerability in the same package. */
  readonly key: string;
  /** The observation's own ID, and the equivalent ones that its scanner lists. */
  readonly names: ReadonlySet<string>;
  /** What identifies it, sorted: its CVEs, else its GHSAs, else its GO IDs, else its own ID. Several if an advisory combines vulnerabilities. */
  readonly identity: readonly string[];
}

/**
 * Identifies the vulnerability of each observation by its CVEs; without a CVE by its GHSAs, and without one by its GO IDs. Two observations with
 * different CVEs, or with different GHSAs that have no CVE, are never the same vulnerability, even if a third one names both. An observation without
 * a CVE gets that of the observations that share its GHSA, if they list it with no other GHSA; the same holds for GO IDs and what is above them.
 * Depends neither on the order nor on repeated observations.
 */
export function identifyVulnerabilities(observations: readonly Observation[]): ReadonlyMap<Observation, Vulnerability> {
  const links = linksOf(observations);
  return new Map(
    observations.map((observation) => {
      const names = namesOf(observation);
      const leading = leadingNames(names);
      const ids = leading.flatMap((name) => identityOf(observation.package, name, links));
      const identity = [...new Set(leading.length === 0 ? [observation.id] : ids)].sort();
      return [observation, { key: inPackage(observation.package, ...identity), names: new Set(names), identity }];
    }),
  );
}

/** Which IDs the observations of a package list together, by `inPackage`. */
interface Links {
  /** The most general IDs that are listed with an ID of a less general form. */
  readonly above: ReadonlyMap<string, ReadonlySet<string>>;
  /** The other way around. */
  readonly below: ReadonlyMap<string, ReadonlySet<string>>;
}

function linksOf(observations: readonly Observation[]): Links {
  const above = new Map<string, Set<string>>();
  const below = new Map<string, Set<string>>();
  for (const observation of observations) {
    const names = namesOf(observation);
    const leading = leadingNames(names);
    for (const other of names.filter((name) => isAdvisoryId(name) && !leading.includes(name))) {
      for (const name of leading) {
        add(above, inPackage(observation.package, other), name);
        add(below, inPackage(observation.package, name), other);
      }
    }
  }
  return { above, below };
}

/**
 * What an ID stands for: the more general IDs that observations list with it, or itself if there are none. An ID of the same form that is listed with
 * the more general one makes it unsaid which of the two it is: then it stands for itself.
 */
function identityOf(packageName: string, name: string, links: Links): readonly string[] {
  const above = [...(links.above.get(inPackage(packageName, name)) ?? [])];
  const isShared = (general: string) =>
    [...(links.below.get(inPackage(packageName, general)) ?? [])].some(
      (other) => other !== name && formOf(other) === formOf(name),
    );
  return [
    ...(above.length === 0 || above.some(isShared) ? [name] : []),
    ...above.filter((general) => !isShared(general)).flatMap((general) => identityOf(packageName, general, links)),
  ];
}

/** The names of the most general form that is among them. */
function leadingNames(names: readonly string[]): readonly string[] {
  const form = advisoryForms.find((each) => names.some((name) => each.test(name)));
  return form === undefined ? [] : names.filter((name) => form.test(name));
}

function formOf(id: string): number {
  return advisoryForms.findIndex((form) => form.test(id));
}

function namesOf({ id, aliases }: Observation): readonly string[] {
  return [id, ...equivalentIds(id, aliases)];
}

function inPackage(packageName: string, ...names: readonly string[]): string {
  return JSON.stringify([packageName, ...names]);
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  sets.set(key, (sets.get(key) ?? new Set<string>()).add(value));
}
