import { addressesOf, type Layout, marker } from '../layout';
import { covers, holdsSocket, type Listener, listeners } from './listeners';
import { commandOf, environmentOf, runningPids } from './processes';

/** Listeners in the lab's way, each with what it is in the way of; none of them is the lab's own. */
export function portsTaken(
  layout: Layout,
  all: readonly Listener[],
): readonly { readonly listener: Listener; readonly port: string }[] {
  return (Object.keys(layout.ports) as (keyof Layout['ports'])[]).flatMap((port) =>
    all
      .filter(({ protocol }) => protocol === 'tcp' || port === 'dns')
      .filter((listener) =>
        addressesOf(layout, port).some((address) =>
          address === '0.0.0.0' ? listener.port === layout.ports[port] : covers(listener, address, layout.ports[port]),
        ),
      )
      .map((listener) => ({ listener, port })),
  );
}

/** @throws Error naming who has a port that the lab needs */
export function requireFreePorts(layout: Layout): void {
  const taken = portsTaken(layout, listeners());
  if (taken.length === 0) {
    return;
  }
  const pids = runningPids();
  const [stranger] = taken.flatMap(({ listener, port }) => {
    const pid = pids.find((each) => holdsSocket(each, new Set([listener.inode])));
    const ours = pid !== undefined && environmentOf(pid).some((entry) => entry.startsWith(`${marker}=`));
    return ours ? [] : [{ listener, port, pid }];
  });
  if (stranger !== undefined) {
    const { listener, port, pid } = stranger;
    const who = pid === undefined ? 'somebody' : `process ${pid} (${commandOf(pid).slice(0, 80)})`;
    throw new Error(
      `${who} listens on ${listener.address}:${listener.port}, which the lab needs for ${port}: end it, or let it listen on its own address`,
    );
  }
}
