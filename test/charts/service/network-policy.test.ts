import { renderer } from '../../../charts/render';
import { namespaceOfUrl } from '../../../charts/service/network-policy';
import { releaseOf, serviceOf } from '../../ledger/fixtures';
import { parseRendered } from '../render-catalog';

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

const ingressOf = (url: string) =>
  JSON.stringify(parseRendered(files(url)).find(({ kind }) => kind === 'NetworkPolicy')?.spec.ingress);

test('allows scrapes from the namespace of Prometheus, or from its address', () => {
  expect(ingressOf('http://prometheus-operated.monitoring:9090')).toContain(
    '"kubernetes.io/metadata.name":"monitoring"',
  );
  expect(ingressOf('http://10.0.0.9:9090')).toContain('"ipBlock":{"cidr":"10.0.0.9/32"}');
});

test('rejects a Prometheus outside of the cluster, whose scrapes it would deny', () => {
  const url = 'https://prometheus.acme.example';
  expect(() => files(url)).toThrow(`delivery.prometheus is ${url}, outside of the cluster`);
});
