import { tooFewRequests } from '../../../../charts/rules/definitions/pd005-too-few-requests';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

test('a canary that never gets enough requests for a percentile is an error', () => {
  const finding = onlyFinding(tooFewRequests, validManifestsWith('"200"', '"5"'));
  expect(finding).toMatchObject({ level: 'error', at: 'stepWeights: [5, 10, 25, 50]' });
  expect(finding.message).toContain('5 requests per second at 50 % over 20 s are 50 requests');
});

test('steps from stepWeight and maxWeight count as well', () => {
  const steps = validManifests
    .replace('"200"', '"5"')
    .replace('stepWeights: [5, 10, 25, 50]', 'stepWeight: 10\n    maxWeight: 30');
  expect(onlyFinding(tooFewRequests, steps).message).toContain('at 30 %');
});

test('unknown traffic, enough traffic, and weights that Flagger ignores pass', () => {
  expect(findings(tooFewRequests, validManifestsWith('"200"', '"5"').replace('gatewayapi:v1', 'kubernetes'))).toEqual(
    [],
  );
  expect(findings(tooFewRequests, validManifestsWith('    bowline.dev/requests-per-second: "200"\n', ''))).toEqual([]);
  expect(findings(tooFewRequests, validManifestsWith('"200"', 'many'))).toEqual([]);
  expect(findings(tooFewRequests, validManifests)).toEqual([]);
});
