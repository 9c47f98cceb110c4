import { existsSync } from 'node:fs';
import { type Layout, marker } from '../layout';
import { cgroupProcesses, existingCgroups } from '../machine/cgroups';
import { clusterRules } from '../machine/firewall-rules';
import { readSavedRules } from '../machine/iptables';
import { labMounts } from '../machine/mounts';
import { findProcessesByEnvironment, readCommandLine } from '../machine/processes';
import { listSharedPaths } from '../machine/shared-paths';
import { machineRecord, recordedState } from './other-labs';

/** What the lab has on this machine, by kind, one line per entry. After a teardown it must be empty. */
export interface Leftovers {
  readonly processes: readonly string[];
  readonly mounts: readonly string[];
  readonly links: readonly string[];
  readonly rules: readonly string[];
  readonly groups: readonly string[];
  readonly files: readonly string[];
}

/** What existed before the lab and looks like the lab's. The bring-up saves it before it changes the machine. */
export interface Baseline {
  readonly shared: readonly string[];
  readonly rules: readonly string[];
}

export async function captureBaseline(): Promise<Baseline> {
  return { shared: listSharedPaths(), rules: clusterRules(await readSavedRules()) };
}

/** Finds everything on this machine that belongs to the lab. */
export async function findLeftovers(layout: Layout, baseline: Baseline): Promise<Leftovers> {
  const newRules = clusterRules(await readSavedRules()).filter((rule) => !baseline.rules.includes(rule));
  const newPaths = listSharedPaths().filter((path) => !baseline.shared.includes(path));
  return {
    processes: labProcesses(layout).map((pid) => `process ${pid}: ${readCommandLine(pid).slice(0, 160)}`),
    mounts: labMounts(layout).map((path) => `mount ${path}`),
    links: [layout.node.bridge, layout.pods.bridge]
      .filter((name) => existsSync(`/sys/class/net/${name}`))
      .map((name) => `link ${name}`),
    rules: newRules.map((rule) => `iptables rule ${rule}`),
    groups: existingCgroups(layout).map((path) => `control group ${path}`),
    files: [
      ...(existsSync(layout.state) ? [`directory ${layout.state}`] : []),
      ...(recordedState() === layout.state ? [`file ${machineRecord}`] : []),
      ...newPaths.map((path) => `file ${path}`),
    ],
  };
}

export function hasLeftovers(leftovers: Leftovers): boolean {
  return Object.values(leftovers).some((lines) => lines.length > 0);
}

/** IDs of the lab's processes. Pods do not have the marker in their environment; their processes are in the lab's control groups. */
export function labProcesses(layout: Layout): readonly number[] {
  const marked = findProcessesByEnvironment(marker, layout.state);
  return [...new Set([...marked, ...cgroupProcesses(layout)])].sort((a, b) => a - b);
}
