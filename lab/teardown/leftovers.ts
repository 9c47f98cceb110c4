import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Layout, marker } from '../layout';
import { clusterRulesOf } from '../machine/firewall-rules';
import { savedRules } from '../machine/iptables';
import { cgroups } from '../machine/network';
import { commandOf, processesWith } from '../machine/processes';
import { entriesOf } from '../machine/read-directory';
import { sharedPaths } from '../machine/shared-paths';
import { machineRecord, rememberedState } from './other-labs';

/** What of the lab a machine shows, by kind; each entry is a line that a person can act on. */
export interface Traces {
  readonly processes: readonly string[];
  readonly mounts: readonly string[];
  readonly links: readonly string[];
  readonly rules: readonly string[];
  readonly groups: readonly string[];
  readonly files: readonly string[];
}

/** What a machine has that could be taken for the lab's; written down before a bring-up touches anything. */
export interface Baseline {
  readonly shared: readonly string[];
  readonly rules: readonly string[];
}

export async function takeBaseline(): Promise<Baseline> {
  return { shared: sharedPaths(), rules: clusterRulesOf(await savedRules()) };
}

/** Looks for everything that is the lab's on this machine. */
export async function tracesOf(layout: Layout, before: Baseline): Promise<Traces> {
  return {
    processes: labProcesses(layout).map((pid) => `process ${pid}: ${commandOf(pid).slice(0, 160)}`),
    mounts: labMounts(layout).map((path) => `mount ${path}`),
    links: [layout.node.bridge, layout.pods.bridge]
      .filter((name) => existsSync(`/sys/class/net/${name}`))
      .map((name) => `link ${name}`),
    rules: clusterRulesOf(await savedRules())
      .filter((rule) => !before.rules.includes(rule))
      .map((rule) => `iptables rule ${rule}`),
    groups: cgroups(layout).map((path) => `control group ${path}`),
    files: [
      ...(existsSync(layout.state) ? [`folder ${layout.state}`] : []),
      ...(rememberedState() === layout.state ? [`file ${machineRecord}`] : []),
      ...sharedPaths()
        .filter((path) => !before.shared.includes(path))
        .map((path) => `file ${path}`),
    ],
  };
}

/** Numbers of the lab's processes: those that carry its mark, and those in its control groups (pods carry their own environment). */
export function labProcesses(layout: Layout): readonly number[] {
  const inGroups = cgroups(layout).flatMap((group) => groupFolders(group).flatMap(membersOf));
  return [...new Set([...processesWith(marker, layout.state), ...inGroups])].sort((a, b) => a - b);
}

/** Numbers of the processes that pods run. */
export function podProcesses(layout: Layout): readonly number[] {
  return [...new Set(cgroups(layout).flatMap((group) => groupFolders(group).flatMap(membersOf)))];
}

/** A control group and all below it, the deepest first. */
export function groupFolders(group: string): readonly string[] {
  const below = entriesOf(group)
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => groupFolders(join(group, entry.name)));
  return [...below, group];
}

function membersOf(group: string): readonly number[] {
  try {
    return readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Mount points below the state folder, the deepest first. */
export function labMounts(layout: Layout): readonly string[] {
  return mountPoints(readFileSync('/proc/mounts', 'utf8'))
    .filter((path) => path === layout.state || path.startsWith(`${layout.state}/`))
    .sort((a, b) => b.length - a.length);
}

/** Mount points in /proc/mounts, where blanks are written as \040. */
export function mountPoints(mounts: string): readonly string[] {
  return mounts
    .split('\n')
    .map((line) => line.split(' ')[1])
    .filter((path): path is string => path !== undefined)
    .map((path) => path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))));
}
