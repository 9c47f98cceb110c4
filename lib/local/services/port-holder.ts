import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

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
  const sockets = new Set(['tcp', 'tcp6'].flatMap((table) => listeningSockets(readText(`/proc/net/${table}`), port)));
  if (sockets.size === 0) {
    return undefined;
  }
  for (const pid of numericEntries('/proc')) {
    if (numericEntries(`/proc/${pid}/fd`).some((fd) => sockets.has(readLink(`/proc/${pid}/fd/${fd}`)))) {
      const words = readText(`/proc/${pid}/cmdline`)
        .split('\0')
        .filter((word) => word !== '');
      return { pid, command: words.join(' ').slice(0, 200) || 'without a command line' };
    }
  }
  return undefined;
}

/** The loopback address and the wildcard address, as IPv4, IPv6 and IPv4 in IPv6, in the little-endian 32-bit words of proc_net_tcp.txt. */
const loopbackAddresses = new Set(['0100007F', '00000000', '0'.repeat(32), '0000000000000000FFFF00000100007F']);
const listening = '0A';

/** The sockets of /proc/net/tcp that listen on a port, in the form of the links in /proc/<pid>/fd. */
export function listeningSockets(table: string, port: number): readonly string[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, local = '', , state, , , , , , inode]) => {
      const [address = '', number = ''] = local.split(':');
      return state === listening && loopbackAddresses.has(address) && Number.parseInt(number, 16) === port
        ? [`socket:[${inode}]`]
        : [];
    });
}

function numericEntries(directory: string): readonly number[] {
  try {
    return readdirSync(directory)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
