import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, run } from '../../lib/process';
import { toolPath } from '../../lib/tools';
import { type Layout, within } from '../layout';
import { writeRendered } from '../run/supervisor';
import { type Family, families, familyProgram } from './iptables';

/** Settings of the kernel that pods need. */
const settings = { 'net/ipv4/ip_forward': '1', 'net/bridge/bridge-nf-call-iptables': '1' } as const;

/** Settings that kubelet and kube-proxy change without being asked. */
const changedByOthers = [
  'net/ipv4/conf/all/route_localnet',
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
] as const;

/** Name of our own chain, and comment of our rules. */
export const chain = 'BOWLINE-LAB';

/** One rule as iptables takes it, without the -A, -C or -D in front. */
export type Rule = readonly string[];

/** A rule and the chain that it stands in. */
export interface PlacedRule {
  readonly parent: string;
  readonly rule: Rule;
}

const named: Rule = ['-m', 'comment', '--comment', 'bowline-lab'];

/** Our own range of loopback's ports, in which those programs listen on every address. */
function ownRange(layout: Layout): string {
  const own = Object.values(layout.ports).filter((port) => port >= 23_790);
  return `${Math.min(...own)}:${Math.max(...own)}`;
}

/** Shuts our range to all but loopback and our bridges: for IPv4 and, by the same words, for IPv6. */
function shut(layout: Layout): readonly PlacedRule[] {
  return [
    { parent: chain, rule: ['-i', 'lo', ...named, '-j', 'RETURN'] },
    { parent: chain, rule: ['-i', 'bowline-+', ...named, '-j', 'RETURN'] },
    { parent: chain, rule: ['-p', 'tcp', '--dport', ownRange(layout), ...named, '-j', 'REJECT'] },
  ];
}

/**
 * The rules of the lab, beside those that kube-proxy makes. Pods are let through whatever the machine's policy is (dockerd sets it to DROP);
 * some components know no address to listen on (Argo CD's metrics, Flagger): their ports are shut to all but loopback and our bridges.
 */
export function rules(layout: Layout): readonly PlacedRule[] {
  return [
    { parent: 'FORWARD', rule: ['-s', layout.pods.cidr, ...named, '-j', 'ACCEPT'] },
    { parent: 'FORWARD', rule: ['-d', layout.pods.cidr, ...named, '-j', 'ACCEPT'] },
    ...shut(layout),
    {
      parent: chain,
      rule: ['-p', 'tcp', '--dport', String(layout.ports.gateway), '-d', layout.node.address, ...named, '-j', 'REJECT'],
    },
    { parent: 'INPUT', rule: [...named, '-j', chain] },
  ];
}

/** Those of IPv6, in which nothing of the lab has an address: nothing from outside gets at the programs that listen on all of them. */
export function rulesOfIpv6(layout: Layout): readonly PlacedRule[] {
  return [...shut(layout), { parent: 'INPUT', rule: [...named, '-j', chain] }];
}

/** Makes bridge, kernel settings, rules and control groups. Doing it again changes nothing. */
export async function makeNetwork(layout: Layout): Promise<void> {
  const { bridge, address } = layout.node;
  if (!existsSync(`/sys/class/net/${bridge}`)) {
    await ip('link', 'add', bridge, 'type', 'bridge');
    await ip('address', 'add', `${address}/24`, 'dev', bridge);
  }
  await ip('link', 'set', bridge, 'up');
  keepSettings(layout);
  for (const family of await families()) {
    await addRules(family, family === 'iptables' ? rules(layout) : rulesOfIpv6(layout));
  }
  for (const group of cgroups(layout, false)) {
    mkdirSync(group, { recursive: true });
  }
}

/** Takes away links, and puts the kernel's settings back; what isn't there is no mistake. The rules go with the cluster's. */
export async function removeNetwork(layout: Layout): Promise<void> {
  for (const bridge of [layout.pods.bridge, layout.node.bridge]) {
    if (existsSync(`/sys/class/net/${bridge}`)) {
      await ip('link', 'delete', bridge);
    }
  }
  const kept = within(layout, 'settings.json');
  if (existsSync(kept)) {
    for (const [name, value] of Object.entries(JSON.parse(readFileSync(kept, 'utf8')) as Record<string, string>)) {
      writeFileSync(join('/proc/sys', name), value);
    }
  }
}

function keepSettings(layout: Layout): void {
  const kept = within(layout, 'settings.json');
  const present = [...Object.keys(settings), ...changedByOthers].filter((name) => existsSync(join('/proc/sys', name)));
  if (!existsSync(kept)) {
    const before = Object.fromEntries(
      present.map((name) => [name, readFileSync(join('/proc/sys', name), 'utf8').trim()]),
    );
    writeRendered({ path: kept, text: `${JSON.stringify(before)}\n` });
  }
  for (const [name, value] of Object.entries(settings)) {
    if (present.includes(name)) {
      writeFileSync(join('/proc/sys', name), value);
    }
  }
}

/** The lab's control groups: one below each controller (v1), or one (v2). */
export function cgroups(layout: Layout, onlyPresent = true): readonly string[] {
  const root = '/sys/fs/cgroup';
  const unified = existsSync(join(root, 'cgroup.controllers'));
  const parents = unified ? [root] : controllers(root);
  return parents.map((parent) => join(parent, layout.cgroup)).filter((group) => !onlyPresent || existsSync(group));
}

function controllers(root: string): readonly string[] {
  // Each mount once: the names of combined controllers are links to one folder.
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, path, type]) => type === 'cgroup' && path?.startsWith(`${root}/`))
    .map(([, path]) => path as string);
}

async function ip(...words: readonly string[]): Promise<void> {
  await mustRun({ program: toolPath('ip'), arguments: words, timeoutSeconds: 10 });
}

async function addRules(family: Family, placed: readonly PlacedRule[]): Promise<void> {
  const words = (...more: readonly string[]) => ({
    program: familyProgram(family),
    arguments: ['-w', '5', ...more],
    timeoutSeconds: 15,
  });
  await run(words('-N', chain));
  for (const { parent, rule } of placed) {
    if ((await run(words('-C', parent, ...rule))).exitCode !== 0) {
      await mustRun(words(parent === chain ? '-A' : '-I', parent, ...rule));
    }
  }
}
