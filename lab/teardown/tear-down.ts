import { rmdirSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { mustRun, run } from '../../lib/process';
import { toolPath } from '../../lib/tools';
import { identityOf } from '../../lib/tools/process-identity';
import type { Layout } from '../layout';
import { removalOf, rulesOfFamily } from '../machine/firewall-rules';
import { familyProgram, savedRules } from '../machine/iptables';
import { cgroups, removeNetwork } from '../machine/network';
import { commandOf } from '../machine/processes';
import { removeSharedPaths } from '../machine/shared-paths';
import { end, runningRecord, stop } from '../run/supervisor';
import { type Baseline, groupFolders, labMounts, labProcesses, podProcesses } from './leftovers';

/** Servers in the order in which they end: those that would start or repair something first, what others write to last. */
export interface StopOrder {
  readonly first: readonly string[];
  readonly runtime: string;
  readonly last: readonly string[];
}

/** Ends every process of the lab and takes away what it made. Works from any half-way state; each part that isn't there is skipped. */
export async function takeDown(layout: Layout, order: StopOrder, baseline: Baseline): Promise<void> {
  await Promise.all(order.first.map((name) => stop(layout, name, 2)));
  // With the runtime alive, its shims end with their containers and take their sockets along.
  killPods(layout);
  if (runningRecord(layout, order.runtime) !== undefined) {
    await untilShimsEnd(layout, 5000);
  }
  await stop(layout, order.runtime, 5);
  await Promise.all(order.last.map((name) => stop(layout, name, 1)));
  await endRest(layout);
  await unmount(layout);
  await removeRules(baseline);
  await removeNetwork(layout);
  await removeGroups(layout);
  await removeSharedPaths(layout, baseline.shared);
  removeState(layout);
}

/** Takes away mounts and folder of an interrupted lab, and nothing that another lab would have too. */
export async function leaveNothing(layout: Layout): Promise<void> {
  await unmount(layout);
  removeState(layout);
}

/** @throws Error where something is mounted in it still: whatever is mounted must not be deleted with the folder */
function removeState(layout: Layout): void {
  const [mount] = labMounts(layout);
  if (mount !== undefined) {
    throw new Error(
      `${mount} is mounted still and could not be unmounted: umount ${mount}, then npm run lab:down again`,
    );
  }
  rmSync(layout.state, { recursive: true, force: true });
}

function killPods(layout: Layout): void {
  for (const pid of podProcesses(layout)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone with its container.
    }
  }
}

async function untilShimsEnd(layout: Layout, milliseconds: number): Promise<void> {
  const shims = () => labProcesses(layout).filter((pid) => commandOf(pid).includes('containerd-shim'));
  for (const until = Date.now() + milliseconds; shims().length > 0 && Date.now() < until; ) {
    killPods(layout);
    await sleep(50);
  }
}

/** Whatever carries the lab's mark and was not written down: shims, helpers, what an interrupted bring-up had only just started. */
async function endRest(layout: Layout): Promise<void> {
  for (let round = 0; round < 5; round++) {
    const rest = labProcesses(layout).map(identityOf);
    if (rest.length === 0) {
      return;
    }
    await Promise.all(
      rest.map((identity) => (identity === undefined ? undefined : end(identity, round === 0 ? 1 : 0))),
    );
  }
}

async function unmount(layout: Layout): Promise<void> {
  for (const path of labMounts(layout)) {
    await run({ program: toolPath('umount'), arguments: ['--lazy', path], timeoutSeconds: 10 });
  }
}

/** All rules that came with the lab, at once. */
async function removeRules(baseline: Baseline): Promise<void> {
  const saved = await savedRules();
  for (const family of ['iptables', 'ip6tables'] as const) {
    const input = removalOf(saved[family], rulesOfFamily(baseline.rules, family));
    if (input !== '') {
      const program = familyProgram(family, '-restore');
      await mustRun({ program, arguments: ['--noflush', '--wait', '5'], input, timeoutSeconds: 30 });
    }
  }
}

async function removeGroups(layout: Layout): Promise<void> {
  for (let attempt = 0; cgroups(layout).length > 0 && attempt < 40; attempt++) {
    for (const folder of cgroups(layout).flatMap(groupFolders)) {
      try {
        rmdirSync(folder);
      } catch {
        // The kernel still counts an ended process in it: once more in a moment.
      }
    }
    if (cgroups(layout).length > 0) {
      await sleep(50);
    }
  }
}
