import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mustRun, run } from '../../lib/process';
import { toolPath } from '../../lib/tools';
import type { Layout } from '../layout';
import {
  chain,
  type Family,
  labRules,
  type PlacedRule,
  renderRuleRemoval,
  rulesOfFamily,
  type SavedRules,
} from './firewall-rules';

/** Adds the lab's rules. Rules that exist are not added a second time. */
export async function addLabRules(layout: Layout): Promise<void> {
  for (const family of await availableFamilies()) {
    await addRules(family, labRules(layout, family));
  }
}

/** Removes all rules that came with the lab, in one transaction per family. */
export async function removeLabRules(rulesBefore: readonly string[]): Promise<void> {
  const saved = await readSavedRules();
  for (const family of ['iptables', 'ip6tables'] as const) {
    const input = renderRuleRemoval(saved[family], rulesOfFamily(rulesBefore, family));
    if (input !== '') {
      const program = familyProgram(family, '-restore');
      await mustRun({ program, arguments: ['--noflush', '--wait', '5'], input, timeoutSeconds: 30 });
    }
  }
}

/** Reads all rules of this machine. */
export async function readSavedRules(): Promise<SavedRules> {
  const available = await availableFamilies();
  const save = async (family: Family) =>
    available.includes(family)
      ? (await mustRun({ program: familyProgram(family, '-save'), arguments: [], timeoutSeconds: 15 })).stdout
      : '';
  return { iptables: await save('iptables'), ip6tables: await save('ip6tables') };
}

/** A kernel can lack IPv6, and a package can lack ip6tables. */
async function availableFamilies(): Promise<readonly Family[]> {
  const program = familyProgram('ip6tables');
  const hasIpv6 =
    existsSync(program) &&
    (await run({ program, arguments: ['-w', '5', '-S', 'INPUT'], timeoutSeconds: 15 })).exitCode === 0;
  return hasIpv6 ? ['iptables', 'ip6tables'] : ['iptables'];
}

/** All programs of both families are in one directory. */
function familyProgram(family: Family, suffix: '' | '-save' | '-restore' = ''): string {
  return join(dirname(toolPath('iptables')), `${family}${suffix}`);
}

async function addRules(family: Family, rules: readonly PlacedRule[]): Promise<void> {
  const command = (...words: readonly string[]) => ({
    program: familyProgram(family),
    arguments: ['-w', '5', ...words],
    timeoutSeconds: 15,
  });
  await run(command('-N', chain));
  for (const { parent, rule } of rules) {
    const check = await run(command('-C', parent, ...rule));
    if (check.exitCode !== 0) {
      await mustRun(command(parent === chain ? '-A' : '-I', parent, ...rule));
    }
  }
}
