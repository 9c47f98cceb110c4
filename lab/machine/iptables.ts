import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mustRun, run } from '../../lib/process';
import { toolPath } from '../../lib/tools';

/** The programs that keep rules: one for each version of IP. */
export type Family = 'iptables' | 'ip6tables';

/** The rules of a machine, as `iptables-save` and `ip6tables-save` write them; empty where it keeps none of that version. */
export type SavedRules = Readonly<Record<Family, string>>;

/** One of a family's programs; they lie beside each other. */
export function familyProgram(family: Family, suffix: '' | '-save' | '-restore' = ''): string {
  return join(dirname(toolPath('iptables')), `${family}${suffix}`);
}

/** The families that this machine has: a kernel may lack IPv6, and a package the program. */
export async function families(): Promise<readonly Family[]> {
  const program = familyProgram('ip6tables');
  const has =
    existsSync(program) &&
    (await run({ program, arguments: ['-w', '5', '-S', 'INPUT'], timeoutSeconds: 15 })).exitCode === 0;
  return has ? ['iptables', 'ip6tables'] : ['iptables'];
}

/** All rules of this machine. */
export async function savedRules(): Promise<SavedRules> {
  const present = await families();
  const saved = async (family: Family) =>
    present.includes(family)
      ? (await mustRun({ program: familyProgram(family, '-save'), arguments: [], timeoutSeconds: 15 })).stdout
      : '';
  return { iptables: await saved('iptables'), ip6tables: await saved('ip6tables') };
}
