import { App, Chart } from 'cdk8s';
import { deployment } from '../../../../charts/service/deployment';
import { releaseOf, serviceOf } from '../../../ledger/fixtures';
import { synthesizeObject, valueAt } from '../../synthesize-object';

const service = serviceOf('hello', 'prod', { memory: '100Ki' });
const version = { image: releaseOf('hello', 'prod', 'one').image, progressDeadlineSeconds: 45 };
const object = synthesizeObject((scope) => deployment(scope, service, version));
const container = '/spec/template/spec/containers/0';

test('sets fields that cdk8s-plus-27 and Kubernetes 1.27 do not support', () => {
  expect(valueAt(object, `${container}/lifecycle`)).toEqual({ preStop: { sleep: { seconds: 5 } } });
  expect(valueAt(object, `${container}/securityContext/capabilities`)).toEqual({ drop: ['ALL'] });
  expect(valueAt(object, '/spec/template/spec/securityContext/seccompProfile')).toEqual({ type: 'RuntimeDefault' });
  expect(valueAt(object, '/spec/template/spec/enableServiceLinks')).toBe(false);
});

test('keeps the memory quantity of the catalog, even below a MiB', () => {
  expect(valueAt(object, `${container}/resources/limits`)).toEqual({ memory: '100Ki' });
});

test.each(['startupProbe', 'readinessProbe', 'livenessProbe'])('refers to the port by name in the %s', (probe) => {
  expect(valueAt(object, `${container}/${probe}/httpGet/port`)).toBe('http');
});

test('spreads pods across zones and nodes, but schedules them anyway', () => {
  const spread = { maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: { app: 'hello' } } };
  expect(valueAt(object, '/spec/template/spec/topologySpreadConstraints')).toEqual([
    { ...spread, topologyKey: 'topology.kubernetes.io/zone' },
    { ...spread, topologyKey: 'kubernetes.io/hostname' },
  ]);
});

test('has the same pod template wherever it is in the construct tree', () => {
  const elsewhere = synthesizeObject((scope) => deployment(new Chart(scope, 'inside'), service, version));
  expect(elsewhere).toEqual(object);
});

test.each(['exposeViaService', 'exposeViaIngress'] as const)('cannot be exposed: %s', (method) => {
  const target = deployment(new Chart(new App({ outdir: '' }), 'chart'), service, version);
  expect(() => target[method]()).toThrow("'hello' must not be exposed by a Service");
});
