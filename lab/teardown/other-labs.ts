import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Layout, layoutOf, marker } from '../layout';
import { findProcessesByEnvironment, listEnvironmentValues } from '../machine/processes';
import { writeFileAtomically } from '../machine/write-file';

/** File with the state directory of this machine's lab. A restart removes it, together with the lab's mounts and processes. */
export const machineRecord = '/run/bowline-lab';

/** Records the lab before the bring-up changes the machine, so that a later command finds it without its BOWLINE_STATE. */
export function recordLab(layout: Layout, record = machineRecord): void {
  writeFileAtomically({ path: record, text: `${layout.state}\n` });
}

/** Removes the record after the teardown. The record of another lab is kept. */
export function removeLabRecord(layout: Layout, record = machineRecord): void {
  if (recordedState(record) === layout.state) {
    rmSync(record, { force: true });
  }
}

export function recordedState(record = machineRecord): string | undefined {
  return existsSync(record) ? readFileSync(record, 'utf8').trim() || undefined : undefined;
}

/** A lab in another state directory (BOWLINE_STATE, XDG_STATE_HOME) that has something on this machine. */
export interface OtherLab {
  readonly layout: Layout;
  /** Whether any of its processes runs. If not, the lab was interrupted. */
  readonly isRunning: boolean;
}

/** Finds other labs. All labs share the names of bridge, rules and control groups, so a machine can have only one at a time. */
export function findOtherLabs(layout: Layout): readonly OtherLab[] {
  const states = new Set(listEnvironmentValues(marker));
  const recorded = recordedState();
  if (recorded !== undefined) {
    states.add(recorded);
  }
  for (const state of parseMountedStates(readFileSync('/proc/self/mountinfo', 'utf8'))) {
    if (existsSync(join(state, 'baseline.json'))) {
      states.add(state);
    }
  }
  states.delete(layout.state);
  return [...states]
    .sort()
    .map((state) => ({ layout: layoutOf(state), isRunning: findProcessesByEnvironment(marker, state).length > 0 }));
}

/** State directories with mounts of kubelet (which mounts its directory on itself) or of containerd, from /proc/self/mountinfo (proc(5)). */
export function parseMountedStates(mountinfo: string): readonly string[] {
  const states = mountinfo.split('\n').flatMap((line) => {
    const [, , , root = '', point = ''] = line.split(' ');
    const isMountedOnItself = point.endsWith(root.replace(/\/\/deleted$/, ''));
    const [, state] = /^(\/.*\/lab)\/(?:kubelet$|containerd-run\/io\.containerd\.)/.exec(point) ?? [];
    return state === undefined || (point.endsWith('/kubelet') && !isMountedOnItself) ? [] : [state];
  });
  return [...new Set(states)];
}
