import { metricWithoutWindow } from '../../../../charts/rules/definitions/pd006-metric-without-window';
import { findings, onlyFinding, validManifestsWith } from '../valid-manifests';

test('a template without an interval would be asked with an empty window', () => {
  expect(onlyFinding(metricWithoutWindow, validManifestsWith('        interval: 20s\n', ''))).toMatchObject({
    level: 'error',
    at: '- name: errors',
    message: expect.stringContaining('has a template and no interval'),
  });
});

test('a metric that is nowhere defined fails every check', () => {
  const nowhere = validManifestsWith('        templateRef: { name: web-errors, namespace: shop }\n', '');
  expect(onlyFinding(metricWithoutWindow, nowhere).message).toContain('is not built in');
  expect(findings(metricWithoutWindow, nowhere.replace('name: errors', 'name: request-duration'))).toEqual([]);
});

test('a template that is missing beside others of its namespace is found', () => {
  expect(
    onlyFinding(
      metricWithoutWindow,
      validManifestsWith('name: web-errors, namespace: shop }\n    w', 'name: web-error, namespace: shop }\n    w'),
    ),
  ).toMatchObject({
    message: 'there is no MetricTemplate shop/web-error among these files',
  });
  expect(
    findings(
      metricWithoutWindow,
      validManifestsWith('name: web-errors, namespace: shop }\n    w', 'name: latency, namespace: flagger }\n    w'),
    ),
  ).toEqual([]);
});

test('a query in the Canary itself is a definition', () => {
  const inline = validManifestsWith(
    '        templateRef: { name: web-errors, namespace: shop }',
    '        query: sum(x)',
  );
  expect(findings(metricWithoutWindow, inline)).toEqual([]);
});
