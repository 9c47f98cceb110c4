import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf } from '../../lib/tools/process-identity';
import type { Layout } from '../layout';
import { cgroupProcesses, removeCgroups } from '../machine/cgroups';
import { removeLabRules } from '../machine/iptables';
import { labMounts, unmountAll } from '../machine/mounts';
import { removeNetwork } from '../machine/network';
import { readCommandLine } from '../machine/processes';
import { removeSharedPaths } from '../machine/shared-paths';
import { endProcess, runningRecord, stopServer } from '../run/supervisor';
import { type Baseline, labProcesses } from './leftovers';

/** The order in which servers stop: first those that would restart or repair others, last those that the others write to. */
export interface StopOrder {
  readonly first: readonly string[];
  readonly runtime: string;
  readonly last: readonly string[];
}

/** Stops every process of the lab and removes what the lab created. Works on an incomplete lab too: it skips what does not exist. */
export async function tearDown(layout: Layout, order: StopOrder, baseline: Baseline): Promise<void> {
  await Promise.all(order.first.map((name) => stopServer(layout, name, 2)));
  // While the runtime still runs, shims end with their containers and remove their sockets.
  killPods(layout);
  if (runningRecord(layout, order.runtime) !== undefined) {
    await waitForShims(layout, 5000);
  }
  await stopServer(layout, order.runtime, 5);
  await Promise.all(order.last.map((name) => stopServer(layout, name, 1)));
  await endRemainingProcesses(layout);
  await unmountAll(layout);
  await removeLabRules(baseline.rules);
  await removeNetwork(layout);
  await removeCgroups(layout);
  await removeSharedPaths(layout, baseline.shared);
  removeStateDirectory(layout);
}

/** Removes only the mounts and the state directory of an interrupted lab, and nothing that it shares with a lab that runs. */
export async function removeState(layout: Layout): Promise<void> {
  await unmountAll(layout);
  removeStateDirectory(layout);
}

/** @throws Error if a file system is still mounted in the directory: its files must not be deleted */
function removeStateDirectory(layout: Layout): void {
  const [mount] = labMounts(layout);
  if (mount !== undefined) {
    throw new Error(
      `${mount} is still mounted and could not be unmounted: run umount ${mount}, then npm run lab:down again`,
    );
  }
  rmSync(layout.state, { recursive: true, force: true });
}

function killPods(layout: Layout): void {
  for (const pid of cgroupProcesses(layout)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // The process ended with its container.
    }
  }
}

async function waitForShims(layout: Layout, milliseconds: number): Promise<void> {
  const shims = () => labProcesses(layout).filter((pid) => readCommandLine(pid).includes('containerd-shim'));
  for (const deadline = Date.now() + milliseconds; shims().length > 0 && Date.now() < deadline; ) {
    killPods(layout);
    await sleep(50);
  }
}

/** Ends processes that have no record: shims, helpers, and what an interrupted bring-up had just started. */
async function endRemainingProcesses(layout: Layout): Promise<void> {
  for (let round = 0; round < 5; round++) {
    const remaining = labProcesses(layout).map(identityOf);
    if (remaining.length === 0) {
      return;
    }
    const graceSeconds = round === 0 ? 1 : 0;
    await Promise.all(
      remaining.map((identity) => (identity === undefined ? undefined : endProcess(identity, graceSeconds))),
    );
  }
}
