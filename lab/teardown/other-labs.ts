import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Layout, layoutOf, marker } from '../layout';
import { processesWith, valuesInEnvironments } from '../machine/processes';
import { writeRendered } from '../run/supervisor';

/** What a machine remembers of its lab: the state folder. A restart takes it away, as it takes away mounts and processes. */
export const machineRecord = '/run/bowline-lab';

/** Written before a bring-up touches anything, so that a lab is found again whose folder nobody names any more. */
export function rememberLab(layout: Layout, record = machineRecord): void {
  writeRendered({ path: record, text: `${layout.state}\n` });
}

/** Once it is down. The record of another lab stays. */
export function forgetLab(layout: Layout, record = machineRecord): void {
  if (rememberedState(record) === layout.state) {
    rmSync(record, { force: true });
  }
}

export function rememberedState(record = machineRecord): string | undefined {
  return existsSync(record) ? readFileSync(record, 'utf8').trim() || undefined : undefined;
}

/** A lab of another state folder (BOWLINE_STATE, XDG_STATE_HOME), of which there is something on this machine. */
export interface OtherLab {
  readonly layout: Layout;
  /** Whether any of its processes runs; what has none was interrupted. */
  readonly runs: boolean;
}

/** Bridge, rules and control groups have one name for all labs: there can be one at a time, and what is left of another has to go first. */
export function otherLabs(layout: Layout): readonly OtherLab[] {
  const remembered = rememberedState();
  const states = new Set([
    ...(remembered === undefined ? [] : [remembered]),
    ...valuesInEnvironments(marker),
    ...statesIn(readFileSync('/proc/self/mountinfo', 'utf8')).filter((state) =>
      existsSync(join(state, 'baseline.json')),
    ),
  ]);
  states.delete(layout.state);
  return [...states]
    .sort()
    .map((state) => ({ layout: layoutOf(state), runs: processesWith(marker, state).length > 0 }));
}

/** State folders that have mounts of kubelet (its own folder, mounted on itself) or of containerd, by /proc/self/mountinfo (proc(5)). */
export function statesIn(mountinfo: string): readonly string[] {
  const states = mountinfo.split('\n').flatMap((line) => {
    const [, , , root = '', point = ''] = line.split(' ');
    const onItself = point.endsWith(root.replace(/\/\/deleted$/, ''));
    const [, state] = /^(\/.*\/lab)\/(?:kubelet$|containerd-run\/io\.containerd\.)/.exec(point) ?? [];
    return state === undefined || (point.endsWith('/kubelet') && !onItself) ? [] : [state];
  });
  return [...new Set(states)];
}
