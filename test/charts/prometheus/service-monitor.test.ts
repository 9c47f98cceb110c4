import { Duration } from 'cdk8s';
import { type ExpositionForm, ServiceMonitor } from '../../../charts/prometheus/service-monitor';
import { synthesizeObject, valueAt } from '../synthesize-object';

const monitor = (interval: Duration, form: ExpositionForm = 'classic-histograms') =>
  synthesizeObject(
    (scope) =>
      new ServiceMonitor(scope, 'Monitor', {
        metadata: { name: 'web-canary', namespace: 'shop' },
        app: 'web-canary',
        port: 'http',
        path: '/metrics',
        interval,
        form,
      }),
  );

test('scrapes the pods behind one Service of its namespace', () => {
  expect(monitor(Duration.seconds(5)).spec).toMatchObject({
    selector: { matchLabels: { app: 'web-canary' } },
    namespaceSelector: { matchNames: ['shop'] },
    endpoints: [{ port: 'http', path: '/metrics', interval: '5s' }],
  });
});

test('asks for names that no protocol changes, and for buckets where a histogram has both forms', () => {
  expect(monitor(Duration.seconds(5)).spec).toMatchObject({
    scrapeProtocols: ['PrometheusProto', 'PrometheusText0.0.4'],
    fallbackScrapeProtocol: 'PrometheusText0.0.4',
    scrapeClassicHistograms: true,
  });
});

test('asks for protobuf only where a native histogram is meant', () => {
  expect(monitor(Duration.seconds(5), 'native-histograms').spec).toMatchObject({
    scrapeProtocols: ['PrometheusProto'],
    scrapeClassicHistograms: false,
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
