import { readFileSync } from 'node:fs';
import type { Layout } from '../layout';

/** A network of IPv4, as numbers. */
export interface Network {
  readonly address: number;
  readonly mask: number;
}

export interface Route extends Network {
  readonly device: string;
}

/** Reads /proc/net/route (proc(5)): addresses and masks are words in the order of the machine's bytes. */
export function routesIn(table: string): readonly Route[] {
  const word = (hex: string) =>
    (hex.match(/../g) ?? []).reduceRight((sum, byte) => sum * 256 + Number.parseInt(byte, 16), 0);
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [device, address, , , , , , mask] = line.split(/\s+/);
      return device && address && mask ? [{ device, address: word(address), mask: word(mask) }] : [];
    });
}

/** `10.244.0.0/24` as numbers. */
export function networkOf(cidr: string): Network {
  const [address = '', bits = '32'] = cidr.split('/');
  return {
    address: address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0),
    mask: 2 ** 32 - 2 ** (32 - Number(bits)),
  };
}

/** Whether two networks have an address in common: the wider one holds the other's first. */
export function overlap(a: Network, b: Network): boolean {
  const mask = Math.min(a.mask, b.mask);
  return (a.address & mask) >>> 0 === (b.address & mask) >>> 0;
}

/**
 * Routes of others into the networks of the lab. The way to everything else is none of them.
 * @throws Error naming the first
 */
export function requireFreeNetworks(layout: Layout, table = readFileSync('/proc/net/route', 'utf8')): void {
  const own: readonly string[] = [layout.node.bridge, layout.pods.bridge];
  const networks = [`${layout.node.address.replace(/\.\d+$/, '.0')}/24`, layout.pods.cidr, layout.services.cidr];
  for (const route of routesIn(table)) {
    const cidr = networks.find((network) => overlap(route, networkOf(network)));
    if (cidr !== undefined && route.mask !== 0 && !own.includes(route.device)) {
      throw new Error(
        `${route.device} has a route into ${cidr}, which the lab would take for itself (ip route): take that network down first`,
      );
    }
  }
}
