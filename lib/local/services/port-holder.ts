import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

/** `process 4711 (/usr/bin/docker-registry serve …)`. */
export function describeHolder(port: number): string {
  const holder = portHolder(port);
  return holder === undefined
    ? 'a process that cannot be seen from here (of another user, or in another container)'
    : `process ${holder.pid} (${holder.command})`;
}

/** Who listens on a port of loopback, or undefined where /proc does not show it. */
export function portHolder(port: number): PortHolder | undefined {
  const sockets = new Set(['tcp', 'tcp6'].flatMap((table) => listeningSockets(read(`/proc/net/${table}`), port)));
  if (sockets.size === 0) {
    return undefined;
  }
  for (const pid of numbersIn('/proc')) {
    if (numbersIn(`/proc/${pid}/fd`).some((fd) => sockets.has(linkOf(`/proc/${pid}/fd/${fd}`)))) {
      const words = read(`/proc/${pid}/cmdline`)
        .split('\0')
        .filter((word) => word !== '');
      return { pid, command: words.join(' ').slice(0, 200) || 'without a command line' };
    }
  }
  return undefined;
}

/** Loopback and every address, as IPv4, IPv6 and IPv4 in IPv6: 32-bit words as a little-endian machine has them (proc_net_tcp.txt). */
const addresses = new Set(['0100007F', '00000000', '0'.repeat(32), '0000000000000000FFFF00000100007F']);
const listening = '0A';

/** The sockets of /proc/net/tcp that listen on a port, as the links of file descriptors name them. */
export function listeningSockets(table: string, port: number): readonly string[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, local = '', , state, , , , , , inode]) => {
      const [address = '', number = ''] = local.split(':');
      return state === listening && addresses.has(address) && Number.parseInt(number, 16) === port
        ? [`socket:[${inode}]`]
        : [];
    });
}

function numbersIn(directory: string): readonly number[] {
  try {
    return readdirSync(directory)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
