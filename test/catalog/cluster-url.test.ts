import { defaultScrapers, namespaceOfUrl } from '../../lib/catalog';

test.each([
  ['http://prometheus-operated.monitoring:9090', 'monitoring'],
  ['http://prometheus.metrics.svc:9090', 'metrics'],
  ['http://prometheus.metrics.svc.cluster.local:9090/prometheus', 'metrics'],
  ['https://prometheus.metrics.svc:9090', 'metrics'],
  ['https://honeycomb.io:4318', undefined],
  ['https://prometheus.metrics:9090', undefined],
  ['http://honeycomb.io:4318', 'io'],
  ['http://api.honeycomb.io:4318', undefined],
  ['http://prometheus:9090', undefined],
  ['https://prometheus.acme.example', undefined],
  ['http://10.0.0.9:9090', undefined],
])('the namespace of %s is %s', (url, namespace) => {
  expect(namespaceOfUrl(url)).toBe(namespace);
});

test('a Prometheus outside of the cluster does not say what scrapes', () => {
  expect(defaultScrapers('https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1')).toBeUndefined();
});
