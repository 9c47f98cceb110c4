import { intervalBelowClamp } from '../../../../charts/rules/definitions/pd002-interval-below-clamp';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

test('an interval that Flagger raises is an error at its line', () => {
  const finding = onlyFinding(intervalBelowClamp, validManifestsWith('interval: 10s', 'interval: 5s'));
  expect(finding).toMatchObject({
    level: 'error',
    at: 'interval: 5s',
    message: 'Flagger raises the interval 5s to 10s: set it to 10s or more',
  });
});

test.each(['10s', '1m', '1m30s'])('an interval of %s passes', (interval) => {
  expect(findings(intervalBelowClamp, validManifestsWith('interval: 10s', `interval: ${interval}`))).toEqual([]);
});

test('the older field canaryAnalysis is checked too', () => {
  const older = validManifests.replace('  analysis:', '  canaryAnalysis:').replace('interval: 10s', 'interval: 1s');
  expect(onlyFinding(intervalBelowClamp, older).field).toBe('spec.canaryAnalysis.interval');
});
