import { metricWithoutWindow } from '../../../../charts/rules/definitions/pd006-metric-without-window';
import { findings, onlyFinding, validManifestsWith } from '../valid-manifests';

test('a metric with a template but without an interval has an empty window', () => {
  expect(onlyFinding(metricWithoutWindow, validManifestsWith('        interval: 20s\n', ''))).toMatchObject({
    level: 'error',
    at: '- name: errors',
    message: expect.stringContaining('has a template but no interval'),
  });
});

test('a metric without a definition fails every check', () => {
  const nowhere = validManifestsWith('        templateRef: { name: web-errors, namespace: shop }\n', '');
  expect(onlyFinding(metricWithoutWindow, nowhere).message).toContain('is not built in');
  expect(findings(metricWithoutWindow, nowhere.replace('name: errors', 'name: request-duration'))).toEqual([]);
});

test('a missing template is reported if others of its namespace are in the files', () => {
  expect(
    onlyFinding(
      metricWithoutWindow,
      validManifestsWith('name: web-errors, namespace: shop }\n    w', 'name: web-error, namespace: shop }\n    w'),
    ),
  ).toMatchObject({
    message: 'there is no MetricTemplate shop/web-error in these files',
  });
  expect(
    findings(
      metricWithoutWindow,
      validManifestsWith('name: web-errors, namespace: shop }\n    w', 'name: latency, namespace: flagger }\n    w'),
    ),
  ).toEqual([]);
});

test('a query in the Canary itself defines the metric', () => {
  const inline = validManifestsWith(
    '        templateRef: { name: web-errors, namespace: shop }',
    '        query: sum(x)',
  );
  expect(findings(metricWithoutWindow, inline)).toEqual([]);
});
