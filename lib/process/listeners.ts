import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A listening TCP socket, or a bound UDP socket. */
export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  /** `0.0.0.0` or `::` for every address of the machine. */
  readonly address: string;
  readonly port: number;
  /** Identifies the socket in /proc/<pid>/fd. */
  readonly inode: number;
}

/** Reads all listeners of this machine. */
export function readListeners(): readonly Listener[] {
  return (['tcp', 'udp'] as const).flatMap((protocol) =>
    [protocol, `${protocol}6`].flatMap((table) => {
      try {
        return parseListeners(readFileSync(`/proc/net/${table}`, 'utf8'), protocol);
      } catch {
        // A kernel without IPv6 has no such table.
        return [];
      }
    }),
  );
}

/** Parses /proc/net/tcp, tcp6, udp or udp6 (proc(5)). A TCP socket in state 0A listens; a UDP socket in state 07 is bound and not connected. */
export function parseListeners(table: string, protocol: Listener['protocol']): readonly Listener[] {
  const listening = protocol === 'tcp' ? '0A' : '07';
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [address = '', port = ''] = fields[1]?.split(':') ?? [];
      return fields[3] === listening
        ? [{ protocol, address: parseAddress(address), port: Number.parseInt(port, 16), inode: Number(fields[9]) }]
        : [];
    });
}

/** The kernel writes an address as 32-bit words in the machine's byte order. */
function parseAddress(hex: string): string {
  if (/^0*$/.test(hex)) {
    return hex.length > 8 ? '::' : '0.0.0.0';
  }
  const bytes = (word: string) => [6, 4, 2, 0].map((place) => Number.parseInt(word.slice(place, place + 2), 16));
  if (hex.length === 8) {
    return bytes(hex).join('.');
  }
  const all = (hex.match(/.{8}/g) ?? []).flatMap(bytes);
  // An IPv4-mapped IPv6 address: ::ffff:a.b.c.d.
  return /^0{16}FFFF0000/i.test(hex) ? all.slice(12).join('.') : all.map((byte) => byte.toString(16)).join(':');
}

/** Whether the listener receives traffic to the address and port. */
export function listensOn(listener: Listener, address: string, port: number): boolean {
  return listener.port === port && ['0.0.0.0', '::', address].includes(listener.address);
}

/** Whether the process has one of these sockets open. */
export function ownsSocket(pid: number, inodes: ReadonlySet<number>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((file) => {
      try {
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${file}`))?.[1];
        return inode !== undefined && inodes.has(Number(inode));
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}
