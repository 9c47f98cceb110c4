import { singleBurst } from '../../../../charts/rules/definitions/pd003-single-burst';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

test('a threshold that one burst reaches is a warning, and suggests one that it does not reach', () => {
  const finding = onlyFinding(singleBurst, validManifestsWith('interval: 20s', 'interval: 1m'));
  expect(finding).toMatchObject({ level: 'warning', at: 'threshold: 3' });
  expect(finding.message).toContain('ceil(60 / 10) = 6');
  expect(finding.message).toContain('raise the threshold to 7');
});

const manySteps = validManifests
  .replace('"200"', '"8"')
  .replace('stepWeights: [5, 10, 25, 50]', `stepWeights: [${Array.from({ length: 40 }, (_, step) => step + 2)}]`);

test('where the traffic is declared, the probability of a false rollback is checked', () => {
  expect(onlyFinding(singleBurst, manySteps).message).toMatch(/the probability of a false rollback is [\d.]+ %/);
  expect(findings(singleBurst, manySteps.replace(/ {4}bowline.dev\/requests.*\n/, ''))).toEqual([]);
});

test('the probability depends on the limit of the Canary', () => {
  const tolerant = manySteps.replace('{ max: 1 }', '{ max: 60 }');
  expect(findings(singleBurst, manySteps)).toHaveLength(1);
  // One failure of ten in a window is far below 60 %.
  expect(findings(singleBurst, tolerant)).toEqual([]);
});

test('a threshold above that of one burst passes', () => {
  expect(findings(singleBurst, validManifests)).toEqual([]);
});
