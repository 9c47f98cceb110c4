import { App, Chart } from 'cdk8s';
import { deployment } from '../../../../charts/service/deployment';
import { releaseOf, serviceOf } from '../../../ledger/fixtures';
import { at, written } from '../../synthesize-object';

const service = serviceOf('hello', 'prod', { memory: '100Ki' });
const { image } = releaseOf('hello', 'prod', 'one');
const object = written((scope) => deployment(scope, service, image, 45));
const container = '/spec/template/spec/containers/0';

test('says what cdk8s-plus-27 has no words for, and Kubernetes 1.27 neither', () => {
  expect(at(object, `${container}/lifecycle`)).toEqual({ preStop: { sleep: { seconds: 5 } } });
  expect(at(object, `${container}/securityContext/capabilities`)).toEqual({ drop: ['ALL'] });
  expect(at(object, '/spec/template/spec/securityContext/seccompProfile')).toEqual({ type: 'RuntimeDefault' });
  expect(at(object, '/spec/template/spec/enableServiceLinks')).toBe(false);
});

test('has memory in the unit of the catalog, however small', () => {
  expect(at(object, `${container}/resources/limits`)).toEqual({ memory: '100Ki' });
});

test.each(['startupProbe', 'readinessProbe', 'livenessProbe'])('asks the port by its name in the %s', (probe) => {
  expect(at(object, `${container}/${probe}/httpGet/port`)).toBe('http');
});

test('spreads its pods over zones and nodes, and would rather have one in the wrong place than none', () => {
  const spread = { maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: { app: 'hello' } } };
  expect(at(object, '/spec/template/spec/topologySpreadConstraints')).toEqual([
    { ...spread, topologyKey: 'topology.kubernetes.io/zone' },
    { ...spread, topologyKey: 'kubernetes.io/hostname' },
  ]);
});

test('has the same pod template wherever in a chart it is made', () => {
  const elsewhere = written((scope) => deployment(new Chart(scope, 'inside'), service, image, 45));
  expect(elsewhere).toEqual(object);
});

test.each(['exposeViaService', 'exposeViaIngress'] as const)('is never exposed by a Service of ours: %s', (verb) => {
  const target = deployment(new Chart(new App({ outdir: '' }), 'chart'), service, image, 45);
  expect(() => target[verb]()).toThrow("'hello' must not be exposed by a Service of ours");
});
