import { intervalBelowClamp } from '../../../../charts/rules/definitions/pd002-interval-below-clamp';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

test('an interval that Flagger would make longer is an error at its line', () => {
  const finding = onlyFinding(intervalBelowClamp, validManifestsWith('interval: 10s', 'interval: 5s'));
  expect(finding).toMatchObject({ level: 'error', at: 'interval: 5s', message: 'interval 5s becomes 10s: say 10s' });
});

test.each(['10s', '1m', '1m30s'])('an interval of %s is as it is', (interval) => {
  expect(findings(intervalBelowClamp, validManifestsWith('interval: 10s', `interval: ${interval}`))).toEqual([]);
});

test('the older field canaryAnalysis is read too', () => {
  const older = validManifests.replace('  analysis:', '  canaryAnalysis:').replace('interval: 10s', 'interval: 1s');
  expect(onlyFinding(intervalBelowClamp, older).field).toBe('spec.canaryAnalysis.interval');
});
