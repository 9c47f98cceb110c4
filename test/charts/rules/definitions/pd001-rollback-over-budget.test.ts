import { rollbackOverBudget } from '../../../../charts/rules/definitions/pd001-rollback-over-budget';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

test('a rollback later than the budget is an error, and shows the arithmetic', () => {
  const finding = onlyFinding(rollbackOverBudget, validManifestsWith('threshold: 3', 'threshold: 9'));
  expect(finding).toMatchObject({ level: 'error', at: 'threshold: 9', field: 'spec.analysis.threshold' });
  // V = 20 · 1 % / 5 % + 5 = 9 s.
  expect(finding.message).toContain('V + (T + 1)·I + w = 9 + 10·10 + 1 = 110 s');
  expect(finding.message).toContain('within 110 s');
  expect(finding.message).toContain('The budget is 60 s');
});

test('the budget of a Canary is three minutes by default', () => {
  const without = validManifestsWith('    bowline.dev/rollback-budget: 60s\n', '');
  expect(findings(rollbackOverBudget, without.replace('threshold: 3', 'threshold: 9'))).toEqual([]);
  // Exceeding the default is a warning.
  expect(onlyFinding(rollbackOverBudget, without.replace('threshold: 3', 'threshold: 17'))).toMatchObject({
    level: 'warning',
    message: expect.stringContaining('180 s'),
  });
});

test('exceeding the budget because of an assumed scrape interval is a warning', () => {
  const unknown = validManifests.replace(/kind: ServiceMonitor/, 'kind: PodMonitor').replace('60s', '50s');
  // 4 + 40 + 1 s are certain; a scrape every 10 s, half a window, is assumed.
  expect(onlyFinding(rollbackOverBudget, unknown)).toMatchObject({
    level: 'warning',
    message: expect.stringContaining('which no file here states'),
  });
});

test('a Canary without metrics passes', () => {
  expect(
    findings(rollbackOverBudget, validManifests.replace(/ {4}metrics:[\s\S]*? {4}webhooks:/, '    webhooks:')),
  ).toEqual([]);
});

test('blue-green passes: users reach a release only after its checks', () => {
  const late = validManifestsWith('threshold: 3', 'threshold: 9');
  expect(findings(rollbackOverBudget, late.replace('gatewayapi:v1', 'kubernetes'))).toEqual([]);
  expect(findings(rollbackOverBudget, late.replace('stepWeights: [5, 10, 25, 50]', 'iterations: 8'))).toEqual([]);
  const byHeader = 'iterations: 8\n    match: [{ headers: { x: { exact: y } } }]';
  expect(findings(rollbackOverBudget, late.replace('stepWeights: [5, 10, 25, 50]', byHeader))).toHaveLength(1);
});

const alert = `---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: web, namespace: shop }
spec:
  groups:
    - name: web
      interval: 5s
      rules:
        - alert: CanaryErrors
          expr: sum(rate(x{job="web-canary"}[20s])) > 2
          labels: { action: rollback }
`;

test('an alert behind a rollback hook is faster than many checks', () => {
  const slow = validManifestsWith('threshold: 3', 'threshold: 9');
  expect(findings(rollbackOverBudget, `${slow}${alert}`)).toEqual([]);
  expect(findings(rollbackOverBudget, `${slow}${alert.replace('web-canary', 'other-canary')}`)).toHaveLength(1);
  expect(onlyFinding(rollbackOverBudget, `${slow}${alert.replace('interval: 5s', 'interval: 1m')}`).message).toContain(
    'The alert behind its rollback hook takes up to',
  );
  // Without the hook, no check asks for the alert.
  expect(findings(rollbackOverBudget, `${slow.replace('type: rollback', 'type: event')}${alert}`)).toHaveLength(1);
});

test.each([
  ['max: 1 ', 'errors', 5],
  ['max: 4 ', 'errors', 20],
  ['max: 0.02 ', 'error-ratio', 10],
  ['max: 0.5 ', 'error-percentage', 2.5],
  ['min: 99 ', 'request-success-rate', 5],
  ['min: 95 ', 'request-success-rate', 25],
  ['max: 500 ', 'errors', 5],
])('the fault is five times what a range of { %s} of %s allows', (range, name, percent) => {
  const late = validManifestsWith('threshold: 3', 'threshold: 9')
    .replace('{ max: 1 }', `{ ${range}}`)
    .replace('- name: errors', `- name: ${name}`)
    .replaceAll('100 * ', name === 'error-ratio' ? '1 * ' : '100 * ');
  expect(onlyFinding(rollbackOverBudget, late).message).toContain(`fails ${percent} % of its requests`);
});
