import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';
import { inspectTools } from '../../lib/tools';
import type { Layout } from '../layout';
import { cgroupPaths } from './cgroups';
import { requireFreePorts } from './free-ports';
import { requireFreeNetworks } from './routes';

/** One requirement of the lab, and a check that leaves nothing behind. */
export interface PreflightCheck {
  readonly requirement: string;
  /** @throws Error if the machine does not meet the requirement */
  readonly attempt: () => Promise<void>;
}

/** Runs all preflight checks. Returns a message with the requirements that the machine does not meet; undefined if it meets all. */
export async function preflightFailure(layout: Layout): Promise<string | undefined> {
  const failures = await runPreflightChecks(preflightChecks(layout));
  return failures.length === 0
    ? undefined
    : `This machine does not meet the requirements of the lab:\n${failures.map((line) => `  ${line}`).join('\n')}`;
}

/** Runs every check, and returns one line per failed check. */
export async function runPreflightChecks(checks: readonly PreflightCheck[]): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const { requirement, attempt } of checks) {
    try {
      await attempt();
    } catch (error) {
      failures.push(`${requirement}: ${(error as Error).message.replaceAll(/\s*\n\s*/g, ' ').slice(0, 200)}`);
    }
  }
  return failures;
}

/**
 * Containers and unprivileged users usually fail these checks. If the tools of the lab are not installed yet, a check tests the capability instead
 * of the operation, so that the preflight fails before the tools are compiled.
 */
function preflightChecks(layout: Layout): readonly PreflightCheck[] {
  return [
    { requirement: 'run as root', attempt: async () => requireRoot() },
    { requirement: 'create a bridge', attempt: tryBridge },
    { requirement: 'mount a directory', attempt: tryMount },
    { requirement: 'list iptables rules', attempt: tryFirewall },
    { requirement: 'create control groups', attempt: async () => tryCgroups(layout) },
    { requirement: 'free ports', attempt: async () => requireFreePorts(layout) },
    { requirement: 'free networks', attempt: async () => requireFreeNetworks(layout) },
  ];
}

function requireRoot(): void {
  if (process.getuid?.() !== 0) {
    throw new Error('start the lab as root (sudo -E npm run lab)');
  }
}

async function tryBridge(): Promise<void> {
  const program = findTool('ip');
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
  const umount = findTool('umount');
  if (umount === undefined) {
    requireCapability(systemAdministration);
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'bowline-mount-'));
  const mount = join(umount, '..', 'mount');
  try {
    await mustRun({ program: mount, arguments: ['--bind', directory, directory], timeoutSeconds: 10 });
    await mustRun({ program: umount, arguments: [directory], timeoutSeconds: 10 });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function tryFirewall(): Promise<void> {
  const program = findTool('iptables');
  if (program === undefined) {
    requireCapability(networkAdministration);
    return;
  }
  await mustRun({ program, arguments: ['-w', '5', '-S', 'FORWARD'], timeoutSeconds: 15 });
}

function tryCgroups(layout: Layout): void {
  const paths = cgroupPaths(layout);
  if (paths.length === 0) {
    throw new Error('no control groups are mounted at /sys/fs/cgroup');
  }
  for (const path of paths) {
    const temporary = `${path}-try-${process.pid}`;
    mkdirSync(temporary);
    rmdirSync(temporary);
  }
}

/** Capabilities with their bit number (capabilities(7)). */
const networkAdministration = { name: 'CAP_NET_ADMIN', bit: 12n };
const systemAdministration = { name: 'CAP_SYS_ADMIN', bit: 21n };

/** @throws Error if CapEff of this process (proc(5)) lacks the capability */
export function requireCapability(
  { name, bit }: { readonly name: string; readonly bit: bigint },
  status = readFileSync('/proc/self/status', 'utf8'),
): void {
  const effective = /^CapEff:\s+([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
  if (((BigInt(`0x${effective}`) >> bit) & 1n) === 0n) {
    throw new Error(`this process lacks ${name}`);
  }
}

/** Path of a tool; undefined if it is not installed. */
function findTool(name: string): string | undefined {
  return inspectTools().find((tool) => tool.name === name)?.path;
}
