import { Duration } from 'cdk8s';
import { ServiceMonitor } from '../../../charts/prometheus/service-monitor';
import { at, written } from '../synthesize-object';

const monitor = (interval: Duration) =>
  written(
    (scope) =>
      new ServiceMonitor(scope, 'Monitor', {
        metadata: { name: 'web-canary', namespace: 'shop' },
        app: 'web-canary',
        path: '/metrics',
        interval,
      }),
  );

test('scrapes what is behind one Service of its namespace', () => {
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
])('every %d s gives up after %s, before the next one', (interval, timeout) => {
  expect(at(monitor(Duration.seconds(interval)), '/spec/endpoints/0/scrapeTimeout')).toBe(timeout);
});

test('refuses an interval of no time', () => {
  expect(() => monitor(Duration.seconds(0))).toThrow("'interval' (0s) must be whole seconds, 1s at least");
});
