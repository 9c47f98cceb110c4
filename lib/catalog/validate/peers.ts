import type { Path } from '../parse/field-path';
import type { PartiallyParsed } from '../parse/partial-parse';
import type { Service } from '../schema/service';
import type { Finding } from './finding';
import { findUnknownName, type Names } from './names';

/** Finds network peers that the catalog does not contain. */
export function validatePeers({ network }: PartiallyParsed<Service>, services: Names): readonly Finding[] {
  return listPeers(network ?? {}).flatMap(({ name, path }) => {
    const unknown = findUnknownName(name, services);
    return unknown === undefined
      ? []
      : [{ code: 'unknown-peer', path, expected: 'a service of the catalog', ...unknown }];
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
