import { metricWithoutWindow } from '../../../../charts/rules/definitions/pd006-metric-without-window';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

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
      validManifestsWith(
        'metadata: { name: web-errors, namespace: shop }',
        'metadata: { name: web-error, namespace: shop }',
      ),
    ),
  ).toMatchObject({
    level: 'error',
    at: 'templateRef: { name: web-errors, namespace: shop }',
    message:
      'there is no MetricTemplate shop/web-errors in these files, and without it every check fails: did you mean web-error?',
  });
});

test('a missing template is a warning if the files have no template of its namespace, or none at all', () => {
  const elsewhere = validManifestsWith(
    'metadata: { name: web-errors, namespace: shop }',
    'metadata: { name: latency, namespace: flagger }',
  );
  const none = validManifests.split('---\n').slice(0, 3).join('---\n');
  for (const text of [elsewhere, none]) {
    expect(onlyFinding(metricWithoutWindow, text)).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('check the files together with those of the template'),
    });
  }
});

test('a template of that name in another namespace is named', () => {
  const text = validManifestsWith(
    'metadata: { name: web-errors, namespace: shop }',
    'metadata: { name: web-errors, namespace: flagger }',
  );
  expect(onlyFinding(metricWithoutWindow, text).message).toContain(
    'there is one in the namespace flagger, which templateRef.namespace must name',
  );
});

test('a template without a namespace is in any', () => {
  const text = validManifestsWith('metadata: { name: web-errors, namespace: shop }', 'metadata: { name: web-errors }');
  expect(findings(metricWithoutWindow, text)).toEqual([]);
});

test('a query in the Canary itself defines the metric', () => {
  const inline = validManifestsWith(
    '        templateRef: { name: web-errors, namespace: shop }',
    '        query: sum(x)',
  );
  expect(findings(metricWithoutWindow, inline)).toEqual([]);
});
