import { type Listener, listensOn, ownsSocket, readListeners } from '../../lib/process/listeners';
import { addressesOf, type Layout, marker } from '../layout';
import { listPids, readCommandLine, readEnvironment } from './processes';

/** A listener on a port that the lab needs. */
export interface PortConflict {
  readonly listener: Listener;
  /** Name of the port in the layout. */
  readonly port: string;
}

/** @throws Error with the process that listens on a port that the lab needs */
export function requireFreePorts(layout: Layout): void {
  const conflicts = portConflicts(layout, readListeners());
  if (conflicts.length === 0) {
    return;
  }
  const pids = listPids();
  for (const { listener, port } of conflicts) {
    const pid = pids.find((candidate) => ownsSocket(candidate, new Set([listener.inode])));
    const isLabProcess = pid !== undefined && readEnvironment(pid).some((entry) => entry.startsWith(`${marker}=`));
    if (!isLabProcess) {
      const owner = pid === undefined ? 'an unknown process' : `process ${pid} (${readCommandLine(pid).slice(0, 80)})`;
      throw new Error(
        `${owner} listens on ${listener.address}:${listener.port}, which the lab needs for ${port}: stop the process, or bind it to another address`,
      );
    }
  }
}

/** All listeners on ports of the lab, including those of the lab itself. */
export function portConflicts(layout: Layout, listeners: readonly Listener[]): readonly PortConflict[] {
  const conflicts: PortConflict[] = [];
  for (const port of Object.keys(layout.ports) as (keyof Layout['ports'])[]) {
    const number = layout.ports[port];
    for (const listener of listeners) {
      const isSameProtocol = listener.protocol === 'tcp' || port === 'dns';
      const isSameAddress = addressesOf(layout, port).some((address) =>
        address === '0.0.0.0' ? listener.port === number : listensOn(listener, address, number),
      );
      if (isSameProtocol && isSameAddress) {
        conflicts.push({ listener, port });
      }
    }
  }
  return conflicts;
}
