import { unsafeQuery } from '../../../../charts/rules/definitions/pd008-unsafe-query';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

const query = (text: string) => validManifests.replace(/ {2}query: \|[\s\S]*$/, `  query: |\n    ${text}\n`);
const all = 'sum(rate(http_requests_total{job="web"}[{{ interval }}]))';
const failed = 'sum(rate(http_requests_total{job="web",code=~"5.."}[{{ interval }}]))';
const labeled = 'sum(rate(http_requests_total{job="web",code!=""}[{{ interval }}]))';
const count = 'sum(increase(x_bucket{le="+Inf"}[1m]))';
const failedOrZero = `(${failed} or on() 0 * ${labeled})`;
const succeeded = 'sum(rate(http_requests_total{job="web",code!~"5.."}[{{ interval }}]))';

test.each([
  [
    'a ratio with a fallback in the numerator and a clamped denominator',
    `100 * ${failedOrZero} / clamp_min(${all}, 1)`,
  ],
  ['a ratio whose denominator is not a rate', 'sum(rate(x[1m])) / sum(limit_of_x)'],
  [
    'a quantile that requires samples, with a fallback',
    `(histogram_quantile(0.99, sum by (le) (rate(x_bucket[1m]))) and on() ${count} >= 100) or on() 0 * (${count} < 100)`,
  ],
  ['a single value', 'max(x{namespace="{{ namespace }}"})'],
])('%s passes', (_, text) => {
  expect(findings(unsafeQuery, query(text))).toEqual([]);
});

const clamped = `clamp_min(${all}, 1)`;

test.each([
  ['a ratio', `100 * ${failedOrZero} / ${all}`, '0 / 0 = NaN'],
  ['a mean', 'sum(rate(x_sum[1m])) / sum(rate(x_count[1m]))', '0 / 0 = NaN'],
  [
    'a quantile',
    'histogram_quantile(0.99, sum by (le) (rate(x_bucket[{{ interval }}])))',
    'without requests the query is NaN',
  ],
  [
    'a quantile that requires samples, without a fallback',
    `histogram_quantile(0.99, sum by (le) (rate(x_bucket[1m]))) and on() (${all} >= 100)`,
    'without requests the query is NaN',
  ],
  [
    'a quantile with a fallback, but without a condition',
    `histogram_quantile(0.99, sum by (le) (rate(x_bucket[1m]))) or on() 0 * ${count}`,
    'without requests the query is NaN',
  ],
])('%s is NaN without requests', (_, text, message) => {
  expect(onlyFinding(unsafeQuery, query(text))).toMatchObject({
    level: 'warning',
    message: expect.stringContaining(message),
  });
});

test('a share of failures is empty before the first failure', () => {
  expect(onlyFinding(unsafeQuery, query(`${failed} / ${clamped} * 100`))).toMatchObject({
    level: 'error',
    at: 'query: |',
    message: expect.stringContaining(
      'before the first failure, http_requests_total{job="web",code=~"5.."} has no series',
    ),
  });
});

test('a share of successes is empty while every request fails', () => {
  expect(onlyFinding(unsafeQuery, query(`100 - ${succeeded} / ${clamped} * 100`)).level).toBe('warning');
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
])('the finding about a numerator with %s is a %s', (matcher, level) => {
  const some = `sum(rate(http_requests_total{job="web",${matcher}}[{{ interval }}]))`;
  expect(onlyFinding(unsafeQuery, query(`${some} / ${clamped}`)).level).toBe(level);
});

test.each([
  ['vector(0)', `(${failed} or vector(0)) / ${clamped}`, 'is 0 for everything'],
  ['vector(0) with on()', `100 * (${failed} or on() vector(0)) / ${clamped}`, 'is 0 for everything'],
  ['vector(0) around the whole query', `(${failed} / ${clamped}) or vector(0)`, 'is 0 for everything'],
  ['the state of the target', `(${failed} or on() (0 * sum(up{job="web"}))) / ${clamped}`, 'another metric'],
  [
    'the state of the target, for a quantile',
    `(histogram_quantile(0.99, sum by (le) (rate(x_bucket[1m]))) and on() ${count} >= 9) or on() (0 * sum(up == 1))`,
    'another metric',
  ],
  [
    'the count, which a summary has too',
    `(histogram_quantile(0.99, sum by (le) (rate(x_bucket[1m]))) and on() ${count} >= 9) or on() 0 * sum(rate(x_count[1m]))`,
    'another metric',
  ],
  ['all requests', `(${failed} or on() 0 * ${all}) / ${clamped}`, 'does not require the label code'],
  [
    'requests with any other code, which a missing label is too',
    `(${failed} or on() 0 * sum(rate(http_requests_total{job="web",code!~"5.."}[1m]))) / ${clamped}`,
    'does not require the label code',
  ],
])('a fallback to 0 by %s promotes a release that is not measured', (_, text, cause) => {
  const finding = onlyFinding(unsafeQuery, query(text));
  expect(finding).toMatchObject({ level: 'error', message: expect.stringContaining(cause) });
  expect(finding.message).toContain('Flagger promotes a release that is not measured');
});

test('the remedy for a fallback names the metric and requires the label', () => {
  expect(onlyFinding(unsafeQuery, query(`(${failed} or vector(0)) / ${clamped}`)).message).toContain(
    'or on() 0 * sum(rate(http_requests_total{job="web",code!=""}[…]))',
  );
});

test.each([
  ['a share of successes, which is 0 while everything fails', `(${succeeded} or vector(0)) / ${clamped}`],
  ['a union of two metrics', 'sum(rate(a_total[1m]) or rate(b_total[1m]))'],
])('%s is no fallback that hides missing metrics', (_, text) => {
  expect(findings(unsafeQuery, query(text)).filter(({ message }) => message.includes('not measured'))).toEqual([]);
});

test('a fallback to another number around the whole query hides that the target is down', () => {
  expect(onlyFinding(unsafeQuery, query(`(${failedOrZero} / ${clamped}) or vector(50)`))).toMatchObject({
    level: 'warning',
    message: expect.stringContaining('gives a value even if the target is down'),
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
])('%s has several series', (text, level, message) => {
  expect(onlyFinding(unsafeQuery, query(text))).toMatchObject({ level, message: expect.stringContaining(message) });
});

test('invalid PromQL is reported with the position of the error', () => {
  expect(onlyFinding(unsafeQuery, query('sum(rate(x[1m]) / 2')).message).toContain('not valid PromQL');
});

test('queries of other providers are not checked', () => {
  expect(findings(unsafeQuery, query('SELECT mean(x)').replace('type: prometheus', 'type: influxdb'))).toEqual([]);
});

test('a query in the Canary itself is checked', () => {
  const inline = validManifestsWith(
    '        templateRef: { name: web-errors, namespace: shop }',
    '        query: sum by (pod) (x)',
  );
  expect(onlyFinding(unsafeQuery, inline).field).toBe('spec.analysis.metrics.0.query');
});
