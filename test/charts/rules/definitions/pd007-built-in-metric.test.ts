import { builtInMetric } from '../../../../charts/rules/definitions/pd007-built-in-metric';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

const builtIn = (provider: string, name: string) =>
  validManifests
    .replace('provider: gatewayapi:v1', `provider: ${provider}`)
    .replace('name: errors', `name: ${name}`)
    .replace('        templateRef: { name: web-errors, namespace: shop }\n', '');

test.each([
  ['gatewayapi:v1', 'request-success-rate', 'error'],
  ['gatewayapi:v1beta1', 'request-duration', 'error'],
  ['kubernetes', 'request-success-rate', 'error'],
  ['nginx', 'request-duration', 'warning'],
  ['skipper', 'request-duration', 'warning'],
])('%s with the built-in %s: %s', (provider, name, level) => {
  expect(onlyFinding(builtInMetric, builtIn(provider, name))).toMatchObject({ level, at: `- name: ${name}` });
});

test('labels that Flagger’s own Prometheus sets are a warning if no file belongs to Prometheus Operator', () => {
  const without = builtIn('kubernetes', 'request-duration').replace(/---\napiVersion: monitoring[\s\S]*?(?=---)/, '');
  expect(onlyFinding(builtInMetric, without).level).toBe('warning');
});

test.each([
  ['istio', 'request-success-rate'],
  ['linkerd', 'request-duration'],
  ['nginx', 'request-success-rate'],
])('%s with the built-in %s passes', (provider, name) => {
  expect(findings(builtInMetric, builtIn(provider, name))).toEqual([]);
});

test('a metric with a template is not built in, whatever its name', () => {
  expect(findings(builtInMetric, validManifestsWith('name: errors', 'name: request-duration'))).toEqual([]);
});
