import type { Observation } from './observation';

/**
 * The IDs that name one vulnerability each, and that are equivalent where an advisory lists several. A bulletin of a vendor (DSA, DLA, RHSA, USN, ELSA,
 * ALAS, GLSA, …) fixes several vulnerabilities at once, so it is no other name of any of them.
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
  /** All names of it that are equivalent, without the observation's own ID if that is a bulletin. */
  readonly names: ReadonlySet<string>;
  /** The CVEs that it covers, sorted. Several if an advisory combines them; none if no scanner knows one. */
  readonly cves: readonly string[];
}

/**
 * Identifies the vulnerability of each observation by its CVEs. Two observations with different CVEs are never the same vulnerability, even if a third
 * one names both. An observation without a CVE gets those of the observations that share a name with it, also through others without a CVE.
 * Depends neither on the order nor on repeated observations.
 */
export function identifyVulnerabilities(observations: readonly Observation[]): ReadonlyMap<Observation, Vulnerability> {
  const cvesOfName = new Map<string, Set<string>>();
  for (const observation of observations) {
    const cves = ownCves(observation);
    for (const name of namesOf(observation)) {
      addAll(cvesOfName, inPackage(observation, name), cves);
    }
  }
  const groups = groupWithoutCve(observations.filter((observation) => ownCves(observation).length === 0));
  return new Map(
    observations.map((observation) => {
      const names = groups.get(observation) ?? new Set(namesOf(observation));
      const own = ownCves(observation);
      const cves =
        own.length > 0
          ? own
          : [
              ...new Set([...names].flatMap((name) => [...(cvesOfName.get(inPackage(observation, name)) ?? [])])),
            ].sort();
      const identity = cves.length > 0 ? cves : [...names].sort();
      return [observation, { key: inPackage(observation, identity.join(' ')), names, cves }];
    }),
  );
}

function namesOf({ id, aliases }: Observation): readonly string[] {
  return [id, ...equivalentIds(id, aliases)];
}

function ownCves(observation: Observation): readonly string[] {
  return namesOf(observation)
    .filter((name) => name.startsWith('CVE-') && isAdvisoryId(name))
    .sort();
}

function inPackage(observation: Observation, name: string): string {
  return JSON.stringify([observation.package, name]);
}

/** The names of the connected observations, for each observation. */
function groupWithoutCve(observations: readonly Observation[]): ReadonlyMap<Observation, ReadonlySet<string>> {
  let groups: {
    readonly package: string;
    readonly names: ReadonlySet<string>;
    readonly members: readonly Observation[];
  }[] = [];
  for (const observation of observations) {
    const names = namesOf(observation);
    const connects = (group: (typeof groups)[number]) =>
      group.package === observation.package && names.some((name) => group.names.has(name));
    const connected = groups.filter(connects);
    groups = [
      ...groups.filter((group) => !connected.includes(group)),
      {
        package: observation.package,
        names: new Set([...names, ...connected.flatMap((group) => [...group.names])]),
        members: [observation, ...connected.flatMap(({ members }) => members)],
      },
    ];
  }
  return new Map(groups.flatMap(({ names, members }) => members.map((member) => [member, names] as const)));
}

function addAll(sets: Map<string, Set<string>>, key: string, values: readonly string[]): void {
  const set = sets.get(key) ?? new Set<string>();
  for (const value of values) {
    set.add(value);
  }
  sets.set(key, set);
}
