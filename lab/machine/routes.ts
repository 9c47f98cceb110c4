import { readFileSync } from 'node:fs';
import type { Layout } from '../layout';

/** An IPv4 network as numbers. */
export interface Network {
  readonly address: number;
  readonly mask: number;
}

export interface Route extends Network {
  readonly device: string;
}

/**
 * Checks that no route of another network overlaps the lab's networks. The default route does not count.
 * @throws Error with the first such route
 */
export function requireFreeNetworks(layout: Layout, table = readFileSync('/proc/net/route', 'utf8')): void {
  const labBridges: readonly string[] = [layout.node.bridge, layout.pods.bridge];
  const networks = [`${layout.node.address.replace(/\.\d+$/, '.0')}/24`, layout.pods.cidr, layout.services.cidr];
  for (const route of parseRoutes(table)) {
    const cidr = networks.find((network) => networksOverlap(route, parseNetwork(network)));
    if (cidr !== undefined && route.mask !== 0 && !labBridges.includes(route.device)) {
      throw new Error(
        `${route.device} has a route into ${cidr}, which the lab needs (ip route): remove that network first`,
      );
    }
  }
}

/** Parses /proc/net/route (proc(5)): addresses and masks are 32-bit words in the machine's byte order. */
export function parseRoutes(table: string): readonly Route[] {
  const parseWord = (hex: string) =>
    (hex.match(/../g) ?? []).reduceRight((sum, byte) => sum * 256 + Number.parseInt(byte, 16), 0);
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [device, address, , , , , , mask] = line.split(/\s+/);
      return device && address && mask ? [{ device, address: parseWord(address), mask: parseWord(mask) }] : [];
    });
}

/** Parses `10.244.0.0/24`. */
export function parseNetwork(cidr: string): Network {
  const [address = '', bits = '32'] = cidr.split('/');
  return {
    address: address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0),
    mask: 2 ** 32 - 2 ** (32 - Number(bits)),
  };
}

/** Whether two networks have an address in common: the wider one then contains the first address of the other. */
export function networksOverlap(a: Network, b: Network): boolean {
  const mask = Math.min(a.mask, b.mask);
  return (a.address & mask) >>> 0 === (b.address & mask) >>> 0;
}
