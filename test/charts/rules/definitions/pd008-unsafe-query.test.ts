import { unsafeQuery } from '../../../../charts/rules/definitions/pd008-unsafe-query';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

const query = (text: string) => validManifests.replace(/ {2}query: \|[\s\S]*$/, `  query: |\n    ${text}\n`);
const all = 'sum(rate(http_requests_total{job="web"}[{{ interval }}]))';
const failed = 'sum(rate(http_requests_total{job="web",code=~"5.."}[{{ interval }}]))';
const fine = 'sum(rate(http_requests_total{job="web",code!~"5.."}[{{ interval }}]))';

test.each([
  ['a ratio with something to fall back to, above and below', `100 * (${failed} or vector(0)) / clamp_min(${all}, 1)`],
  ['a ratio to something that does not stand still', 'sum(rate(x[1m])) / sum(limit_of_x)'],
  [
    'a quantile that needs samples',
    `(histogram_quantile(0.99, sum by (le) (rate(x_bucket[1m]))) and on() (${all} >= 100)) or on() (0 * sum(up == 1))`,
  ],
  ['one number', 'max(x{namespace="{{ namespace }}"})'],
])('%s passes', (_, text) => {
  expect(findings(unsafeQuery, query(text))).toEqual([]);
});

const clamped = `clamp_min(${all}, 1)`;

test.each([
  ['a ratio', `100 * (${failed} or vector(0)) / ${all}`, '0 / 0 = NaN'],
  ['a mean', 'sum(rate(x_sum[1m])) / sum(rate(x_count[1m]))', '0 / 0 = NaN'],
  [
    'a quantile',
    'histogram_quantile(0.99, sum by (le) (rate(x_bucket[{{ interval }}])))',
    'without requests it is NaN',
  ],
  [
    'a quantile that needs samples and says nothing without them',
    `histogram_quantile(0.99, sum by (le) (rate(x_bucket[1m]))) and on() (${all} >= 100)`,
    'without requests it is NaN',
  ],
  [
    'a quantile that something stands in for, but only where it is nothing at all',
    'histogram_quantile(0.99, sum by (le) (rate(x_bucket[1m]))) or on() (0 * sum(up == 1))',
    'without requests it is NaN',
  ],
])('%s has no number while nobody asks for anything', (_, text, message) => {
  expect(onlyFinding(unsafeQuery, query(text))).toMatchObject({
    level: 'warning',
    message: expect.stringContaining(message),
  });
});

test('a share of failures is empty before the first one', () => {
  expect(onlyFinding(unsafeQuery, query(`${failed} / ${clamped} * 100`))).toMatchObject({
    level: 'error',
    at: 'query: |',
    message: expect.stringContaining(
      'before the first failure http_requests_total{job="web",code=~"5.."} has no series',
    ),
  });
});

test('a share of successes is empty where all fail', () => {
  expect(onlyFinding(unsafeQuery, query(`100 - ${fine} / ${clamped} * 100`)).level).toBe('warning');
});

test.each([
  ['code!~"5.."', 'warning'],
  ['code=~"2.."', 'warning'],
  ['code="200"', 'warning'],
  ['classification="success"', 'warning'],
  ['code=~"5.."', 'error'],
  ['code!~"2.."', 'error'],
  ['grpc_code!="OK"', 'error'],
  ['grpc_code!="0"', 'error'],
  ['grpc_code="OK"', 'warning'],
])('what is left of all by %s: %s', (matcher, level) => {
  const some = `sum(rate(http_requests_total{job="web",${matcher}}[{{ interval }}]))`;
  expect(onlyFinding(unsafeQuery, query(`${some} / ${clamped}`)).level).toBe(level);
});

test('a fall-back around the whole passes what nobody measures', () => {
  expect(onlyFinding(unsafeQuery, query(`(${failed} / ${clamped}) or vector(0)`))).toMatchObject({
    level: 'warning',
    message: expect.stringContaining('a release that nobody measures passes'),
  });
});

test.each([
  ['sum by (pod) (rate(x[1m]))', 'error', 'a series for each pod'],
  ['sum(rate(x[1m])) by (pod, zone)', 'error', 'a series for each pod, zone'],
  [
    '(histogram_quantile(0.99, sum by (le, route) (rate(x_bucket[1m]))) and on() (sum(y) > 9)) or on() sum(z)',
    'error',
    'a series for each route',
  ],
  ['sum without (pod) (rate(x[1m]))', 'warning', 'not aggregated'],
  ['rate(x{job="{{ target }}"}[{{ interval }}])', 'warning', 'not aggregated'],
  ['topk(3, x)', 'warning', 'not aggregated'],
])('%s answers with several series', (text, level, message) => {
  expect(onlyFinding(unsafeQuery, query(text))).toMatchObject({ level, message: expect.stringContaining(message) });
});

test('what is no PromQL is named where it ends to be one', () => {
  expect(onlyFinding(unsafeQuery, query('sum(rate(x[1m]) / 2')).message).toContain('no PromQL');
});

test('queries of other providers are not read', () => {
  expect(findings(unsafeQuery, query('SELECT mean(x)').replace('type: prometheus', 'type: influxdb'))).toEqual([]);
});

test('a query in the Canary itself is read', () => {
  const inline = validManifestsWith(
    '        templateRef: { name: web-errors, namespace: shop }',
    '        query: sum by (pod) (x)',
  );
  expect(onlyFinding(unsafeQuery, inline).field).toBe('spec.analysis.metrics.0.query');
});
