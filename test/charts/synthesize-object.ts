import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { objectsBelow } from '../../charts/kubernetes/manifest';

/** The one object that something makes, as it is written. */
export function written(make: (scope: Construct) => unknown): Readonly<Record<string, unknown>> {
  const chart = new Chart(new App({ outdir: '' }), 'chart', { disableResourceNameHashes: true });
  make(chart);
  const objects = objectsBelow(chart);
  expect(objects).toHaveLength(1);
  return objects[0] as Readonly<Record<string, unknown>>;
}

/** What stands at a JSON pointer (RFC 6901); undefined where nothing does. */
export function at(object: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((word) => word.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, word) => (value as Readonly<Record<string, unknown>> | undefined)?.[word], object);
}
