import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as plus from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { ConfigMap } from '../../../../charts/kubernetes/hardened/config-map';
import { Namespace } from '../../../../charts/kubernetes/hardened/namespace';
import { defaults } from '../../../../charts/kubernetes/hardened/overridden-defaults';
import { defaultsTable } from '../../../../charts/kubernetes/hardened/overridden-defaults-table';
import type { OverriddenDefault } from '../../../../charts/kubernetes/hardened/plus-default';
import { autoscaler } from '../../../../charts/service/autoscaler';
import { deployment } from '../../../../charts/service/deployment';
import { releaseOf, serviceOf } from '../../../ledger/fixtures';
import { at, written } from '../../synthesize-object';

type Make = (scope: Construct) => unknown;
const metadata = { name: 'hello', namespace: 'hello' };
const service = serviceOf('hello', 'prod');

const plainDeployment = (probes: Partial<plus.ContainerProps>) => (scope: Construct) =>
  new plus.Deployment(scope, 'Plain', {
    metadata,
    containers: [{ image: 'hello', portNumber: 8080, ...probes }],
  });
const probe = plus.Probe.fromHttpGet('/livez');

/** What cdk8s-plus-27 makes when it is asked for no more than it must be. */
const plain: Readonly<Record<OverriddenDefault['kind'], readonly Make[]>> = {
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

const ours: Readonly<Record<OverriddenDefault['kind'], Make>> = {
  Deployment: (scope) => deployment(scope, service, releaseOf('hello', 'prod', 'one').image, 45),
  HorizontalPodAutoscaler: (scope) => autoscaler(scope, service),
  ConfigMap: (scope) => new ConfigMap(scope, 'Ours', { metadata, data: { key: 'value' } }),
  Namespace: (scope) => new Namespace(scope, 'Ours', { metadata: { name: 'hello' } }),
};

/** Hashes stand for themselves. */
const readable = (value: unknown) =>
  typeof value === 'string' && /^chart-.*c8[0-9a-f]{6}$/.test(value) ? 'a hash of the path' : value;

describe.each(defaults.map((each) => [`${each.kind} ${each.field}`, each] as const))('%s', (_, each) => {
  const { kind, field, value, source, code, by } = each;

  test('is what cdk8s-plus-27 writes, which is why it stands here', () => {
    const found = plain[kind].map((make) => readable(at(written(make), field)));
    expect(found).toContainEqual(value);
  });

  test('is decided where it says', () => {
    const [file = '', line] = source.split(':');
    const folder = dirname(require.resolve('cdk8s-plus-27'));
    expect(readFileSync(join(folder, file), 'utf8').split('\n')[Number(line) - 1]).toContain(code);
  });

  test('is overruled', () => {
    const own = at(written(ours[kind]), field);
    expect(own).not.toEqual(value);
    if (by === 'removal') {
      expect(own).toBeUndefined();
    }
  });
});

test('docs/adr/0001 lists them', () => {
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
