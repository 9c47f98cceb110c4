import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A socket that waits for others: of TCP one that listens, of UDP one that is bound. */
export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  /** `0.0.0.0` or `::` where it is every address of the machine. */
  readonly address: string;
  readonly port: number;
  /** By which its process is found. */
  readonly inode: number;
}

/** Every listener of this machine. */
export function listeners(): readonly Listener[] {
  return (['tcp', 'udp'] as const).flatMap((protocol) =>
    [protocol, `${protocol}6`].flatMap((table) => {
      try {
        return listenersIn(readFileSync(`/proc/net/${table}`, 'utf8'), protocol);
      } catch {
        // A kernel without IPv6 has no such table.
        return [];
      }
    }),
  );
}

/** Reads /proc/net/tcp, tcp6, udp or udp6 (proc(5)). Of TCP, state 0A listens; of UDP, 07 is bound and not connected. */
export function listenersIn(table: string, protocol: Listener['protocol']): readonly Listener[] {
  const waiting = protocol === 'tcp' ? '0A' : '07';
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [address = '', port = ''] = fields[1]?.split(':') ?? [];
      return fields[3] === waiting
        ? [{ protocol, address: addressOf(address), port: Number.parseInt(port, 16), inode: Number(fields[9]) }]
        : [];
    });
}

/** The kernel writes addresses as words of 32 bits in the order of the machine's bytes. */
function addressOf(hex: string): string {
  if (/^0*$/.test(hex)) {
    return hex.length > 8 ? '::' : '0.0.0.0';
  }
  const bytes = (word: string) => [6, 4, 2, 0].map((place) => Number.parseInt(word.slice(place, place + 2), 16));
  if (hex.length === 8) {
    return bytes(hex).join('.');
  }
  const all = (hex.match(/.{8}/g) ?? []).flatMap(bytes);
  // An IPv4 address in the clothes of an IPv6 one: ::ffff:a.b.c.d.
  return /^0{16}FFFF0000/i.test(hex) ? all.slice(12).join('.') : all.map((byte) => byte.toString(16)).join(':');
}

/** Whether somebody who listens at `listener` would take what is sent to an address and port. */
export function covers(listener: Listener, address: string, port: number): boolean {
  return listener.port === port && ['0.0.0.0', '::', address].includes(listener.address);
}

/** Whether a process holds one of these sockets. */
export function holdsSocket(pid: number, inodes: ReadonlySet<number>): boolean {
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
