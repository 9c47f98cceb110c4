import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';
import { inspectTools } from '../../lib/tools';
import type { Layout } from '../layout';
import { requireFreePorts } from './free-ports';
import { cgroups } from './network';
import { requireFreeNetworks } from './routes';

/** Something that a cluster needs of its machine, and a try that leaves nothing. */
export interface Need {
  readonly what: string;
  readonly attempt: () => Promise<void>;
}

/** What the machine does not allow, each as a sentence; empty where a lab can be brought up. Every need is tried. */
export async function whatIsForbidden(needs: readonly Need[]): Promise<readonly string[]> {
  const forbidden: string[] = [];
  for (const { what, attempt } of needs) {
    try {
      await attempt();
    } catch (error) {
      forbidden.push(`${what}: ${(error as Error).message.replaceAll(/\s*\n\s*/g, ' ').slice(0, 200)}`);
    }
  }
  return forbidden;
}

/** Says what a machine forbids the lab, for people; undefined where it can be brought up. */
export async function refusalOf(layout: Layout): Promise<string | undefined> {
  const forbidden = await whatIsForbidden(needsOf(layout));
  return forbidden.length === 0
    ? undefined
    : `This machine does not allow the lab what it needs:\n${forbidden.map((line) => `  ${line}`).join('\n')}`;
}

/**
 * What containers and users without rights seldom have, and what somebody else may have taken. A machine that has none of the lab's tools yet is
 * asked for the right instead of the deed, so that it says no before they are compiled.
 */
export function needsOf(layout: Layout): readonly Need[] {
  return [
    {
      what: 'to be root',
      attempt: async () => {
        if (process.getuid?.() !== 0) {
          throw new Error('start it by root (sudo -E npm run lab)');
        }
      },
    },
    { what: 'to make a bridge', attempt: tryBridge },
    { what: 'to mount', attempt: tryMount },
    {
      what: 'to set rules of iptables',
      attempt: async () => {
        const program = toolIfPresent('iptables');
        if (program === undefined) {
          requireCapability(networkAdministration);
        } else {
          await mustRun({ program, arguments: ['-w', '5', '-S', 'FORWARD'], timeoutSeconds: 15 });
        }
      },
    },
    { what: 'to make control groups', attempt: async () => tryGroups(layout) },
    { what: 'to have its ports', attempt: async () => requireFreePorts(layout) },
    { what: 'to have its networks', attempt: async () => requireFreeNetworks(layout) },
  ];
}

/** Capabilities, by their number (capabilities(7)). */
const networkAdministration = { name: 'CAP_NET_ADMIN', bit: 12n };
const systemAdministration = { name: 'CAP_SYS_ADMIN', bit: 21n };

/** @throws Error where this process has not the capability, by the CapEff of a status (proc(5)) */
export function requireCapability(
  { name, bit }: { readonly name: string; readonly bit: bigint },
  status = readFileSync('/proc/self/status', 'utf8'),
): void {
  const effective = /^CapEff:\s+([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
  if (((BigInt(`0x${effective}`) >> bit) & 1n) === 0n) {
    throw new Error(`this process has no ${name}`);
  }
}

function toolIfPresent(name: string): string | undefined {
  const { path } = inspectTools().find((tool) => tool.name === name) ?? {};
  return path;
}

async function tryBridge(): Promise<void> {
  const program = toolIfPresent('ip');
  if (program === undefined) {
    requireCapability(networkAdministration);
    return;
  }
  const name = `bowline-${process.pid % 1_000_000}`;
  const ip = (...words: readonly string[]) => mustRun({ program, arguments: words, timeoutSeconds: 10 });
  await ip('link', 'add', name, 'type', 'bridge');
  await ip('link', 'delete', name);
}

async function tryMount(): Promise<void> {
  const umount = toolIfPresent('umount');
  if (umount === undefined) {
    requireCapability(systemAdministration);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'bowline-mount-'));
  const mount = join(umount, '..', 'mount');
  try {
    await mustRun({ program: mount, arguments: ['--bind', folder, folder], timeoutSeconds: 10 });
    await mustRun({ program: umount, arguments: [folder], timeoutSeconds: 10 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tryGroups(layout: Layout): void {
  const groups = cgroups(layout, false);
  if (groups.length === 0) {
    throw new Error('no control groups are mounted at /sys/fs/cgroup');
  }
  for (const group of groups) {
    const mine = `${group}-try-${process.pid}`;
    mkdirSync(mine);
    rmdirSync(mine);
  }
}
