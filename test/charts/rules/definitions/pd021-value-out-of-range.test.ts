import { valueOutOfRange } from '../../../../charts/rules/definitions/pd021-value-out-of-range';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

test.each([
  ['threshold: 3', 'threshold: 0', 'Flagger uses 1 instead'],
  ['threshold: 3', 'threshold: -2', 'Flagger uses 1 instead'],
  ['threshold: 3', 'threshold: 2.5', 'expected a whole number of at least 1, found 2.5'],
  ['stepWeights: [5, 10, 25, 50]', 'stepWeight: 110', 'expected a whole number from 1 to 100, found 110'],
  ['stepWeights: [5, 10, 25, 50]', 'maxWeight: 500', 'found 500'],
  ['stepWeights: [5, 10, 25, 50]', 'stepWeights: [5, 10, 250]', 'found 250'],
  ['stepWeights: [5, 10, 25, 50]', 'stepWeights: [5, 25, 10]', 'the weight 10 does not follow 25'],
  ['stepWeights: [5, 10, 25, 50]', 'stepWeights: [0, 50]', 'the weight 0 does not follow 0'],
  ['interval: 10s', 'interval: 10sec', 'Flagger cannot parse the interval 10sec and checks every 60 s'],
  ['interval: 20s', 'interval: 20sec', 'PromQL does not accept the window [20sec] of errors'],
  [
    'thresholdRange: { max: 1 }',
    'thresholdRange: { min: 5, max: 1 }',
    'no value of errors is at least 5 and at most 1',
  ],
  ['port: 8080 }', 'port: 80800 }', 'no Service can have this port'],
  ['progressDeadlineSeconds: 45\n  revert', 'progressDeadlineSeconds: 0\n  revert', 'the deadline is over at once'],
])('%s as %s is an error', (was, is, message) => {
  expect(onlyFinding(valueOutOfRange, validManifestsWith(was, is))).toMatchObject({
    level: 'error',
    message: expect.stringContaining(message),
  });
});

test.each([
  ['interval: 10s', 'interval: 1m30s'],
  ['interval: 20s', 'interval: 1m30s'],
  ['stepWeights: [5, 10, 25, 50]', 'stepWeights: [100]'],
  ['stepWeights: [5, 10, 25, 50]', 'stepWeight: 100\n    maxWeight: 100'],
  ['stepWeights: [5, 10, 25, 50]', 'iterations: 10\n    stepWeight: 0'],
])('%s as %s passes', (was, is) => {
  expect(findings(valueOutOfRange, validManifestsWith(was, is))).toEqual([]);
});

test('the valid manifests pass', () => {
  expect(findings(valueOutOfRange, validManifests)).toEqual([]);
});

test('the success rate of Flagger is in percent', () => {
  const rate = (range: string) =>
    validManifestsWith(
      '      - name: errors\n        interval: 20s\n        thresholdRange: { max: 1 }\n        templateRef: { name: web-errors, namespace: shop }\n',
      `      - { name: request-success-rate, interval: 20s, ${range} }\n`,
    );
  expect(onlyFinding(valueOutOfRange, rate('thresholdRange: { min: 0.99 }')).message).toContain('0.99 means 0.99 %');
  expect(onlyFinding(valueOutOfRange, rate('threshold: 990')).message).toContain('every check fails');
  expect(findings(valueOutOfRange, rate('thresholdRange: { min: 99.9 }'))).toEqual([]);
});
