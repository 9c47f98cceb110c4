import type { Layout } from '../layout';

/** The program that manages the rules of one IP version. */
export type Family = 'iptables' | 'ip6tables';

/** The output of `iptables-save` and `ip6tables-save`; empty if the machine has no rules of that IP version. */
export type SavedRules = Readonly<Record<Family, string>>;

/** One rule in iptables syntax, without -A, -C or -D. */
export type Rule = readonly string[];

/** A rule and its chain. */
export interface PlacedRule {
  readonly parent: string;
  readonly rule: Rule;
}

/** Name of the lab's own chain. */
export const chain = 'BOWLINE-LAB';

const comment: Rule = ['-m', 'comment', '--comment', 'bowline-lab'];

/**
 * The lab's own rules, besides those of kube-proxy. They accept pod traffic whatever the machine's policy is (dockerd sets it to DROP). They also
 * reject connections to the lab's port range from outside: some components (Argo CD's metrics, Flagger) have no option for a listen address.
 * No component has an IPv6 address, so ip6tables only closes the port range.
 */
export function labRules(layout: Layout, family: Family): readonly PlacedRule[] {
  const jump: PlacedRule = { parent: 'INPUT', rule: [...comment, '-j', chain] };
  if (family === 'ip6tables') {
    return [...closePortRange(layout), jump];
  }
  const gateway = ['-p', 'tcp', '--dport', String(layout.ports.gateway), '-d', layout.node.address];
  return [
    { parent: 'FORWARD', rule: ['-s', layout.pods.cidr, ...comment, '-j', 'ACCEPT'] },
    { parent: 'FORWARD', rule: ['-d', layout.pods.cidr, ...comment, '-j', 'ACCEPT'] },
    ...closePortRange(layout),
    { parent: chain, rule: [...gateway, ...comment, '-j', 'REJECT'] },
    jump,
  ];
}

/** Accepts loopback and the lab's bridges, and rejects everything else in the port range. */
function closePortRange(layout: Layout): readonly PlacedRule[] {
  return [
    { parent: chain, rule: ['-i', 'lo', ...comment, '-j', 'RETURN'] },
    { parent: chain, rule: ['-i', 'bowline-+', ...comment, '-j', 'RETURN'] },
    { parent: chain, rule: ['-p', 'tcp', '--dport', portRange(layout), ...comment, '-j', 'REJECT'] },
  ];
}

/** The lab's range of loopback ports. It includes the ports of the components that listen on every address. */
function portRange(layout: Layout): string {
  const ports = Object.values(layout.ports).filter((port) => port >= 23_790);
  return `${Math.min(...ports)}:${Math.max(...ports)}`;
}

/** Chains that kube-proxy, kubelet and the lab create. */
const clusterChain = /^(?:KUBE-|BOWLINE-LAB)/;

/** Rules in the output of iptables-save that belong to a cluster or to the lab, each prefixed with its table: `nat: -A …`. */
export function parseClusterRules(save: string): readonly string[] {
  return parseTables(save).flatMap(({ table, chains, rules }) => [
    ...chains.filter((name) => clusterChain.test(name)).map((name) => `${table}: chain ${name}`),
    ...rules.filter(isClusterRule).map((rule) => `${table}: ${rule}`),
  ]);
}

/** The cluster rules of both IP versions. The rules of IPv6 have a prefix: `ip6 filter: -A …`. */
export function clusterRules({ iptables, ip6tables }: SavedRules): readonly string[] {
  return [...parseClusterRules(iptables), ...parseClusterRules(ip6tables).map((rule) => `${ip6Prefix}${rule}`)];
}

/** Selects the rules of one IP version from {@link clusterRules}. */
export function rulesOfFamily(rules: readonly string[], family: Family): readonly string[] {
  return family === 'iptables'
    ? rules.filter((rule) => !rule.startsWith(ip6Prefix))
    : rules.filter((rule) => rule.startsWith(ip6Prefix)).map((rule) => rule.slice(ip6Prefix.length));
}

const ip6Prefix = 'ip6 ';

/**
 * Renders the input of `iptables-restore --noflush` that removes the cluster rules; empty if there are none.
 * @param rulesBefore rules of {@link parseClusterRules} that existed before the lab: they are not removed
 */
export function renderRuleRemoval(save: string, rulesBefore: readonly string[]): string {
  const existedBefore = new Set(rulesBefore);
  let input = '';
  for (const { table, chains, rules } of parseTables(save)) {
    const ownChains = chains.filter((name) => clusterChain.test(name) && !existedBefore.has(`${table}: chain ${name}`));
    const rulesInOtherChains = rules.filter(
      (rule) =>
        isClusterRule(rule) && !ownChains.includes(rule.split(' ')[1] ?? '') && !existedBefore.has(`${table}: ${rule}`),
    );
    const lines = [
      ...rulesInOtherChains.map((rule) => rule.replace(/^-A/, '-D')),
      // Flush all chains before the first is deleted: they jump to each other.
      ...ownChains.map((name) => `-F ${name}`),
      ...ownChains.map((name) => `-X ${name}`),
    ];
    if (lines.length > 0) {
      input += `*${table}\n${lines.join('\n')}\nCOMMIT\n`;
    }
  }
  return input;
}

/**
 * The cluster rules that do not belong to the lab, if the baseline is lost. A bring-up starts only on a machine without cluster rules. So if the
 * lab's own rules exist, the rules of kube-proxy belong to the lab too; otherwise all rules belong to another cluster.
 */
export function foreignRules(rules: readonly string[]): readonly string[] {
  return rules.some((rule) => /BOWLINE-LAB|bowline-lab/.test(rule)) ? [] : rules;
}

interface Table {
  readonly table: string;
  readonly chains: readonly string[];
  readonly rules: readonly string[];
}

function parseTables(save: string): readonly Table[] {
  return save
    .split(/^\*/m)
    .slice(1)
    .map((part) => {
      const lines = part.split('\n');
      return {
        table: lines[0]?.trim() ?? '',
        chains: lines.filter((line) => line.startsWith(':')).map((line) => line.slice(1).split(' ')[0] ?? ''),
        rules: lines.filter((line) => line.startsWith('-A ')),
      };
    });
}

function isClusterRule(rule: string): boolean {
  return /(?:^-A | -[jg] )(?:KUBE-|BOWLINE-LAB)/.test(rule) || rule.includes('--comment bowline-lab');
}
