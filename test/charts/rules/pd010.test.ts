import { deadlineOverBudget } from '../../../charts/rules/pd010-deadline-over-budget';
import { findings, sound, soundBut, theFinding } from './manifests';

test.each([
  [
    'of the Canary',
    '  progressDeadlineSeconds: 45\n  revert',
    '  progressDeadlineSeconds: 600\n  revert',
    'Canary shop/web',
  ],
  [
    'of the Deployment',
    '  progressDeadlineSeconds: 45\n  selector',
    '  progressDeadlineSeconds: 600\n  selector',
    'Deployment shop/web',
  ],
])('a deadline %s over the budget is an error', (_, was, is, object) => {
  expect(theFinding(deadlineOverBudget, soundBut(was, is))).toMatchObject({
    level: 'error',
    object,
    at: 'progressDeadlineSeconds: 600',
  });
});

test('where nothing is said it is ten minutes', () => {
  expect(
    theFinding(deadlineOverBudget, soundBut('  progressDeadlineSeconds: 45\n  revert', '  revert')).message,
  ).toContain('600 where nothing is said');
});

test('a deadline within the budget is sound', () => {
  expect(findings(deadlineOverBudget, sound)).toEqual([]);
});
