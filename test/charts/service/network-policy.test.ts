import { renderer } from '../../../charts/render';
import { namespaceOfUrl } from '../../../charts/service/network-policy';
import { releaseOf, serviceOf } from '../../ledger/fixtures';
import { objectsIn } from '../render-catalog';

const files = (prometheus: string) =>
  renderer.service(serviceOf('hello', 'prod', { prometheus }), releaseOf('hello', 'prod', 'one'));

test.each([
  ['http://prometheus-operated.monitoring:9090', 'monitoring'],
  ['http://prometheus.metrics.svc:9090', 'metrics'],
  ['http://prometheus.metrics.svc.cluster.local:9090/prometheus', 'metrics'],
  ['http://prometheus:9090', undefined],
  ['https://prometheus.acme.example', undefined],
  ['http://10.0.0.9:9090', undefined],
])('the namespace of %s is %s', (url, namespace) => {
  expect(namespaceOfUrl(url)).toBe(namespace);
});

const callers = (url: string) =>
  JSON.stringify(objectsIn(files(url)).find(({ kind }) => kind === 'NetworkPolicy')?.spec.ingress);

test('the namespace of Prometheus may scrape, or the address that it has', () => {
  expect(callers('http://prometheus-operated.monitoring:9090')).toContain('"kubernetes.io/metadata.name":"monitoring"');
  expect(callers('http://10.0.0.9:9090')).toContain('"ipBlock":{"cidr":"10.0.0.9/32"}');
});

test('with a Prometheus outside of the cluster nobody might scrape, and nothing is rendered', () => {
  const url = 'https://prometheus.acme.example';
  expect(() => files(url)).toThrow(`delivery.prometheus is ${url}, outside of the cluster`);
});
