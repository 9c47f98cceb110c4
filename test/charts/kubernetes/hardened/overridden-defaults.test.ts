import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as plus from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { ConfigMap } from '../../../../charts/kubernetes/hardened/config-map';
import { Namespace } from '../../../../charts/kubernetes/hardened/namespace';
import { type OverriddenDefault, overriddenDefaults } from '../../../../charts/kubernetes/hardened/overridden-defaults';
import { autoscaler } from '../../../../charts/service/autoscaler';
import { deployment } from '../../../../charts/service/deployment';
import { releaseOf, serviceOf } from '../../../ledger/fixtures';
import { synthesizeObject, valueAt } from '../../synthesize-object';

type AddObject = (scope: Construct) => unknown;
const metadata = { name: 'hello', namespace: 'hello' };
const service = serviceOf('hello', 'prod');
const version = { image: releaseOf('hello', 'prod', 'one').image, progressDeadlineSeconds: 45 };

const plainDeployment = (probes: Partial<plus.ContainerProps>) => (scope: Construct) =>
  new plus.Deployment(scope, 'Plain', {
    metadata,
    containers: [{ image: 'hello', portNumber: 8080, ...probes }],
  });
const probe = plus.Probe.fromHttpGet('/livez');

/** Objects of cdk8s-plus-27 with the required properties only. */
const plainObjects: Readonly<Record<OverriddenDefault['kind'], readonly AddObject[]>> = {
  Deployment: [plainDeployment({}), plainDeployment({ startup: probe, readiness: probe, liveness: probe })],
  HorizontalPodAutoscaler: [
    (scope) =>
      new plus.HorizontalPodAutoscaler(scope, 'Plain', {
        metadata,
        target: { hasAutoscaler: true, markHasAutoscaler() {}, toScalingTarget: () => ({ ...target, containers: [] }) },
        minReplicas: 3,
        maxReplicas: 9,
        metrics: [plus.Metric.resourceCpu(plus.MetricTarget.averageUtilization(70))],
      }),
  ],
  ConfigMap: [(scope) => new plus.ConfigMap(scope, 'Plain', { metadata, data: { key: 'value' } })],
  Namespace: [(scope) => new plus.Namespace(scope, 'Plain', { metadata: { name: 'hello' } })],
};
const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'hello' };

const hardenedObjects: Readonly<Record<OverriddenDefault['kind'], AddObject>> = {
  Deployment: (scope) => deployment(scope, service, version),
  HorizontalPodAutoscaler: (scope) => autoscaler(scope, service),
  ConfigMap: (scope) => new ConfigMap(scope, 'Ours', { metadata, data: { key: 'value' } }),
  Namespace: (scope) => new Namespace(scope, 'Ours', { metadata: { name: 'hello' } }),
};

/** Replaces a hash by the text that the table shows for it. */
const replaceHash = (value: unknown) =>
  typeof value === 'string' && /^chart-.*c8[0-9a-f]{6}$/.test(value) ? 'a hash of the path' : value;

describe.each(overriddenDefaults.map((entry) => [`${entry.kind} ${entry.field}`, entry] as const))('%s', (_, entry) => {
  const { kind, field, value, source, code, method } = entry;

  test('is a default of cdk8s-plus-27', () => {
    const found = plainObjects[kind].map((add) => replaceHash(valueAt(synthesizeObject(add), field)));
    expect(found).toContainEqual(value);
  });

  test('is set at the recorded line of the package', () => {
    const [file = '', line] = source.split(':');
    const folder = dirname(require.resolve('cdk8s-plus-27'));
    expect(readFileSync(join(folder, file), 'utf8').split('\n')[Number(line) - 1]).toContain(code);
  });

  test('is overridden', () => {
    const hardened = valueAt(synthesizeObject(hardenedObjects[kind]), field);
    expect(hardened).not.toEqual(value);
    if (method === 'removal') {
      expect(hardened).toBeUndefined();
    }
  });
});

test('docs/adr/0001 lists all overridden defaults', () => {
  const path = join(__dirname, '..', '..', '..', '..', 'docs', 'adr', '0001-libraries-and-tools.md');
  const fresh = readFileSync(path, 'utf8').replace(
    /<!-- generated: defaults of cdk8s-plus-27 -->[\s\S]*?<!-- end -->/,
    `<!-- generated: defaults of cdk8s-plus-27 -->\n\n${defaultsTable()}\n<!-- end -->`,
  );
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(path, fresh);
  }
  expect(readFileSync(path, 'utf8')).toBe(fresh);
});

function defaultsTable(): string {
  const rows = overriddenDefaults.map(
    ({ kind, field, value, source, reason }) =>
      `| ${kind} | \`${field.replaceAll('~1', '/')}\` | ${formatCell(value)} | ${source} | ${reason} |`,
  );
  return ['| Kind | Field | Default | Set in | Why it is overridden |', '|---|---|---|---|---|', ...rows, ''].join(
    '\n',
  );
}

function formatCell(value: unknown): string {
  return typeof value === 'string' ? value : `\`${JSON.stringify(value)}\``;
}
