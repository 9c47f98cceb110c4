import { unjudgedRelease } from '../../../../charts/rules/definitions/pd019-unjudged-release';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

const metrics = `    metrics:
      - name: errors
        interval: 20s
        thresholdRange: { max: 1 }
        templateRef: { name: web-errors, namespace: shop }
`;
const webhooks = `    webhooks:
      - name: hook
        type: rollback
        url: http://agent.bowline/rollback
`;
const withHook = (type: string) =>
  validManifestsWith(metrics, '').replace('        type: rollback\n', type === '' ? '' : `        type: ${type}\n`);

test('a Canary with metrics passes', () => {
  expect(findings(unjudgedRelease, validManifests)).toEqual([]);
});

test.each([
  ['without metrics and webhooks', validManifestsWith(metrics + webhooks, '')],
  ['with an empty list of metrics', validManifestsWith(metrics + webhooks, '    metrics: []\n')],
  ['whose webhooks only notify', withHook('event')],
  ['whose webhooks run after the rollout', withHook('post-rollout')],
])('a Canary %s is an error', (_, text) => {
  expect(onlyFinding(unjudgedRelease, text)).toMatchObject({ level: 'error', field: 'spec.analysis.metrics' });
});

test.each(['rollback', 'confirm-promotion', 'confirm-rollout', 'pre-rollout', 'confirm-traffic-increase'])(
  'a webhook of type %s judges a release',
  (type) => {
    expect(findings(unjudgedRelease, withHook(type))).toEqual([]);
  },
);

test.each(['rollout', ''])('webhooks of type %j alone are a warning, because a load test judges nothing', (type) => {
  expect(onlyFinding(unjudgedRelease, withHook(type)).level).toBe('warning');
});

test('skipAnalysis is an error at its line, and its metrics no longer matter', () => {
  const skips = validManifestsWith('  revertOnDeletion', '  skipAnalysis: true\n  revertOnDeletion').replace(
    metrics,
    '',
  );
  expect(onlyFinding(unjudgedRelease, skips)).toMatchObject({ level: 'error', at: 'skipAnalysis: true' });
});

test('a suspended Canary is a warning at its line', () => {
  const suspended = validManifestsWith('  revertOnDeletion', '  suspend: true\n  revertOnDeletion');
  expect(onlyFinding(unjudgedRelease, suspended)).toMatchObject({ level: 'warning', at: 'suspend: true' });
  expect(findings(unjudgedRelease, suspended.replace('suspend: true', 'suspend: false'))).toEqual([]);
});

test('a metric that every value passes is an error', () => {
  const open = validManifestsWith('thresholdRange: { max: 1 }', 'thresholdRange: {}');
  expect(onlyFinding(unjudgedRelease, open).message).toContain('has neither min nor max');
  const rate = validManifestsWith(metrics, '    metrics: [{ name: request-success-rate, interval: 1m }]\n');
  expect(onlyFinding(unjudgedRelease, rate).message).toContain('request-success-rate has no threshold');
  expect(findings(unjudgedRelease, rate.replace('1m }', '1m, thresholdRange: { min: 99 } }'))).toEqual([]);
  expect(findings(unjudgedRelease, rate.replace('1m }', '1m, threshold: 99 }'))).toEqual([]);
});
