import { deadlineOverBudget } from '../../../../charts/rules/definitions/pd010-deadline-over-budget';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

test.each([
  [
    'of the Canary',
    '  progressDeadlineSeconds: 45\n  revert',
    '  progressDeadlineSeconds: 600\n  revert',
    'Canary shop/web',
    'error',
  ],
  [
    'of the Deployment',
    '  progressDeadlineSeconds: 45\n  selector',
    '  progressDeadlineSeconds: 600\n  selector',
    'Deployment shop/web',
    'warning',
  ],
])('a deadline %s over the budget is reported', (_, was, is, object, level) => {
  expect(onlyFinding(deadlineOverBudget, validManifestsWith(was, is))).toMatchObject({
    level,
    object,
    at: 'progressDeadlineSeconds: 600',
  });
});

test('exceeding the default budget is a warning', () => {
  const late = validManifests
    .replace('    bowline.dev/rollback-budget: 60s\n', '')
    .replaceAll('progressDeadlineSeconds: 45', 'progressDeadlineSeconds: 600');
  expect(findings(deadlineOverBudget, late).map(({ level }) => level)).toEqual(['warning', 'warning']);
});

test('a patch of the Deployment is not checked', () => {
  const [canary = ''] = validManifests.split('---\n');
  const patch =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\nspec: { template: {} }\n';
  expect(findings(deadlineOverBudget, canary, patch)).toEqual([]);
});

test('the deadline is ten minutes by default', () => {
  expect(
    onlyFinding(deadlineOverBudget, validManifestsWith('  progressDeadlineSeconds: 45\n  revert', '  revert')).message,
  ).toContain('600 by default');
});

test('where the deadline of the Canary is too long, so is that of the Deployment', () => {
  const both = validManifests.replaceAll('progressDeadlineSeconds: 45', 'progressDeadlineSeconds: 600');
  expect(findings(deadlineOverBudget, both).map(({ object, level }) => [object, level])).toEqual([
    ['Canary shop/web', 'error'],
    ['Deployment shop/web', 'error'],
  ]);
});

test('the check after the deadline counts, with its overhead', () => {
  const late = validManifests.replaceAll('progressDeadlineSeconds: 45', 'progressDeadlineSeconds: 50');
  expect(findings(deadlineOverBudget, late)[0]?.message).toContain('D + I + w = 50 + 10 + 1 = 61 s');
  expect(findings(deadlineOverBudget, late)[0]?.message).toContain('set it to at most 49');
  expect(
    findings(
      deadlineOverBudget,
      validManifests.replaceAll('progressDeadlineSeconds: 45', 'progressDeadlineSeconds: 49'),
    ),
  ).toEqual([]);
});

test('a deadline within the budget passes, and so does blue-green', () => {
  expect(findings(deadlineOverBudget, validManifests)).toEqual([]);
  const late = validManifests.replaceAll('progressDeadlineSeconds: 45', 'progressDeadlineSeconds: 600');
  expect(findings(deadlineOverBudget, late.replace('gatewayapi:v1', 'kubernetes'))).toEqual([]);
  expect(findings(deadlineOverBudget, late.replace('stepWeights: [5, 10, 25, 50]', 'iterations: 8'))).toEqual([]);
});
