import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { manifestsBelow } from '../../charts/kubernetes/manifest';

/** Adds exactly one object to a chart, and returns its manifest. */
export function synthesizeObject(addObject: (scope: Construct) => unknown): Readonly<Record<string, unknown>> {
  const chart = new Chart(new App({ outdir: '' }), 'chart', { disableResourceNameHashes: true });
  addObject(chart);
  const objects = manifestsBelow(chart);
  expect(objects).toHaveLength(1);
  return objects[0] as Readonly<Record<string, unknown>>;
}

/** The value at a JSON pointer (RFC 6901), or undefined. */
export function valueAt(object: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((word) => word.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, word) => (value as Readonly<Record<string, unknown>> | undefined)?.[word], object);
}
