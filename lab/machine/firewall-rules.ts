import type { SavedRules } from './iptables';

/** Chains that kube-proxy and kubelet make, and ours. */
const ownChain = /^(?:KUBE-|BOWLINE-LAB)/;

/** Rules of iptables-save that belong to a cluster or to the lab, each with its table in front: `nat: -A …`. */
export function clusterRulesIn(save: string): readonly string[] {
  return parse(save).flatMap(({ table, chains, rules }) => [
    ...chains.filter((chain) => ownChain.test(chain)).map((chain) => `${table}: chain ${chain}`),
    ...rules.filter(isOurs).map((rule) => `${table}: ${rule}`),
  ]);
}

/** The same of both versions of IP; those of the sixth say so: `ip6 filter: -A …`. */
export function clusterRulesOf({ iptables, ip6tables }: SavedRules): readonly string[] {
  return [...clusterRulesIn(iptables), ...clusterRulesIn(ip6tables).map((rule) => `${sixth}${rule}`)];
}

/** Of rules as {@link clusterRulesOf} says them, those of one version of IP. */
export function rulesOfFamily(rules: readonly string[], family: keyof SavedRules): readonly string[] {
  return family === 'iptables'
    ? rules.filter((rule) => !rule.startsWith(sixth))
    : rules.filter((rule) => rule.startsWith(sixth)).map((rule) => rule.slice(sixth.length));
}

const sixth = 'ip6 ';

/**
 * What iptables-restore --noflush needs to hear to take them away; empty when there is nothing to take.
 * @param before what was there before the lab, as {@link clusterRulesIn} says it: it stays
 */
export function removalOf(save: string, before: readonly string[]): string {
  const known = new Set(before);
  return parse(save)
    .map(({ table, chains, rules }) => {
      const own = chains.filter((chain) => ownChain.test(chain) && !known.has(`${table}: chain ${chain}`));
      const foreign = rules.filter(
        (rule) => isOurs(rule) && !own.includes(rule.split(' ')[1] ?? '') && !known.has(`${table}: ${rule}`),
      );
      const lines = [
        ...foreign.map((rule) => rule.replace(/^-A/, '-D')),
        // All are emptied before the first is deleted: they jump to each other.
        ...own.map((chain) => `-F ${chain}`),
        ...own.map((chain) => `-X ${chain}`),
      ];
      return lines.length === 0 ? '' : `*${table}\n${lines.join('\n')}\nCOMMIT\n`;
    })
    .join('');
}

/**
 * What was there before a lab whose state folder is lost. A bring-up begins only where no cluster has rules, so that with ours on the machine
 * those of kube-proxy came after it; without ours, all are somebody else's.
 */
export function rulesOfOthers(rules: readonly string[]): readonly string[] {
  return rules.some((rule) => /BOWLINE-LAB|bowline-lab/.test(rule)) ? [] : rules;
}

interface Table {
  readonly table: string;
  readonly chains: readonly string[];
  readonly rules: readonly string[];
}

function parse(save: string): readonly Table[] {
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

function isOurs(rule: string): boolean {
  return /(?:^-A | -[jg] )(?:KUBE-|BOWLINE-LAB)/.test(rule) || rule.includes('--comment bowline-lab');
}
