import type { Path } from '../parse/field-path';
import type { PartiallyParsed } from '../parse/partial-parse';
import { reservedReason } from '../reserved-addresses';
import type { Service } from '../schema/service';
import type { Finding } from './finding';
import { findUnknownName, type Names } from './names';

/** Finds network peers that the catalog does not contain, and address ranges that no service may connect to. */
export function validatePeers({ network }: PartiallyParsed<Service>, services: Names): readonly Finding[] {
  const unknownPeers = listPeers(network ?? {}).flatMap(({ name, path }) => {
    const unknown = findUnknownName(name, services);
    return unknown === undefined
      ? []
      : [{ code: 'unknown-peer', path, expected: 'a service of the catalog', ...unknown }];
  });
  return [...unknownPeers, ...findReservedRanges(network ?? {})];
}

function findReservedRanges({ to = [] }: NonNullable<PartiallyParsed<Service>['network']>): readonly Finding[] {
  return to.flatMap((target, index) => {
    const cidr = target !== undefined && 'cidr' in target ? target.cidr : undefined;
    const reason = cidr === undefined ? undefined : reservedReason(cidr);
    return reason === undefined
      ? []
      : [
          {
            code: 'reserved-addresses',
            path: ['network', 'to', index, 'cidr'],
            expected: `a range without reserved addresses (${reason}). For access to AWS, set role, or name the agent of EKS Pod Identity, 169.254.170.23/32`,
          },
        ];
  });
}

function listPeers({ from = [], to = [] }: NonNullable<PartiallyParsed<Service>['network']>) {
  const peers: { readonly name: string | undefined; readonly path: Path }[] = [
    ...from.map((name, index) => ({ name, path: ['network', 'from', index] })),
    ...to.map((target, index) => ({
      name: target !== undefined && 'service' in target ? target.service : undefined,
      path: ['network', 'to', index, 'service'],
    })),
  ];
  return peers.flatMap(({ name, path }) => (name === undefined ? [] : [{ name, path }]));
}
