import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';
import { toolPath } from '../../lib/tools';
import type { Layout } from '../layout';
import { cgroups } from './network';

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

/** What containers and users without rights seldom have. */
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
        await mustRun({ program: toolPath('iptables'), arguments: ['-w', '5', '-S', 'FORWARD'], timeoutSeconds: 15 });
      },
    },
    { what: 'to make control groups', attempt: async () => tryGroups(layout) },
  ];
}

async function tryBridge(): Promise<void> {
  const name = `bowline-${process.pid % 1_000_000}`;
  const ip = (...words: readonly string[]) =>
    mustRun({ program: toolPath('ip'), arguments: words, timeoutSeconds: 10 });
  await ip('link', 'add', name, 'type', 'bridge');
  await ip('link', 'delete', name);
}

async function tryMount(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bowline-mount-'));
  const mount = join(toolPath('umount'), '..', 'mount');
  try {
    await mustRun({ program: mount, arguments: ['--bind', folder, folder], timeoutSeconds: 10 });
    await mustRun({ program: toolPath('umount'), arguments: [folder], timeoutSeconds: 10 });
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
