import { singleBurst } from '../../../../charts/rules/definitions/pd003-single-burst';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

test('a threshold that one burst reaches is a warning with the one that it does not', () => {
  const finding = onlyFinding(singleBurst, validManifestsWith('interval: 20s', 'interval: 1m'));
  expect(finding).toMatchObject({ level: 'warning', at: 'threshold: 3' });
  expect(finding.message).toContain('ceil(60 / 10) = 6');
  expect(finding.message).toContain('threshold 7');
});

const noisy = validManifests
  .replace('"200"', '"8"')
  .replace('stepWeights: [5, 10, 25, 50]', `stepWeights: [${Array.from({ length: 40 }, (_, step) => step + 2)}]`);

test('where traffic is known, noise over the whole rollout is counted', () => {
  expect(onlyFinding(singleBurst, noisy).message).toMatch(/of healthy releases [\d.]+ % would be rolled back by noise/);
  expect(findings(singleBurst, noisy.replace(/ {4}bowline.dev\/requests.*\n/, ''))).toEqual([]);
});

test('noise is held against the limit that the Canary says', () => {
  const tolerant = noisy.replace('{ max: 1 }', '{ max: 60 }');
  expect(findings(singleBurst, noisy)).toHaveLength(1);
  // A window with one failure of ten is far from 60 %.
  expect(findings(singleBurst, tolerant)).toEqual([]);
});

test('a threshold above passes', () => {
  expect(findings(singleBurst, validManifests)).toEqual([]);
});
