import { Duration } from 'cdk8s';
import { ServiceMonitor } from '../../../charts/prometheus/service-monitor';
import { synthesizeObject, valueAt } from '../synthesize-object';

const monitor = (interval: Duration) =>
  synthesizeObject(
    (scope) =>
      new ServiceMonitor(scope, 'Monitor', {
        metadata: { name: 'web-canary', namespace: 'shop' },
        app: 'web-canary',
        path: '/metrics',
        interval,
      }),
  );

test('scrapes the pods behind one Service of its namespace', () => {
  expect(monitor(Duration.seconds(5)).spec).toMatchObject({
    selector: { matchLabels: { app: 'web-canary' } },
    namespaceSelector: { matchNames: ['shop'] },
    endpoints: [{ port: 'http', path: '/metrics', interval: '5s' }],
  });
});

test.each([
  [1, '1s'],
  [2, '1s'],
  [5, '4s'],
  [11, '10s'],
  [60, '10s'],
])('with an interval of %d s, a scrape times out after %s', (interval, timeout) => {
  expect(valueAt(monitor(Duration.seconds(interval)), '/spec/endpoints/0/scrapeTimeout')).toBe(timeout);
});

test('rejects an interval of zero', () => {
  expect(() => monitor(Duration.seconds(0))).toThrow("'interval' must be whole seconds, at least 1s, got: 0s");
});
