import { readdirSync, readFileSync } from 'node:fs';
import { listensOn, ownsSocket, readListeners } from '../../process/listeners';

/** A process that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

/** `process 4711 (/usr/bin/docker-registry serve …)`. */
export function describeHolder(port: number): string {
  const holder = findPortHolder(port);
  return holder === undefined
    ? 'a process that is not visible from here (of another user, or in another container)'
    : `process ${holder.pid} (${holder.command})`;
}

/** The process that listens on a port of loopback. Undefined when there is none or /proc does not show it. */
export function findPortHolder(port: number): PortHolder | undefined {
  const sockets = new Set(
    readListeners()
      .filter((listener) => listener.protocol === 'tcp' && listensOn(listener, '127.0.0.1', port))
      .map(({ inode }) => inode),
  );
  const pid = sockets.size === 0 ? undefined : processIds().find((each) => ownsSocket(each, sockets));
  return pid === undefined ? undefined : { pid, command: commandOf(pid) };
}

/** Whether another process than this one, or one that it started, is seen to listen on a port of loopback. */
export function isHeldByAnother(port: number, pid: number): boolean {
  const holder = findPortHolder(port);
  for (let ancestor = holder?.pid; ancestor !== undefined; ancestor = parentOf(ancestor)) {
    if (ancestor === pid) {
      return false;
    }
  }
  return holder !== undefined;
}

/** The parent of a process (proc(5), `stat`: the name is in parentheses and may contain any character). */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return parent > 0 ? parent : undefined;
  } catch {
    return undefined;
  }
}

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function commandOf(pid: number): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return (
      words
        .filter((word) => word !== '')
        .join(' ')
        .slice(0, 200) || 'without a command line'
    );
  } catch {
    return 'without a command line';
  }
}
