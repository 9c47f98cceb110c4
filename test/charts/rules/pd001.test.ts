import { rollbackOverBudget } from '../../../charts/rules/pd001-rollback-over-budget';
import { findings, sound, soundBut, theFinding } from './manifests';

test('a rollback that comes later than the budget is an error, with the arithmetic', () => {
  const finding = theFinding(rollbackOverBudget, soundBut('threshold: 3', 'threshold: 9'));
  expect(finding).toMatchObject({ level: 'error', at: 'threshold: 9', field: 'spec.analysis.threshold' });
  // V = 20 · 1 % / 5 % + 5 = 9 s.
  expect(finding.message).toContain('V + (T + 1)·I = 9 + 10·10');
  expect(finding.message).toContain('after 109 s at worst');
  expect(finding.message).toContain('The budget is 60 s');
});

test('without a budget of its own a Canary has three minutes', () => {
  const without = soundBut('    bowline.dev/rollback-budget: 60s\n', '');
  expect(findings(rollbackOverBudget, without.replace('threshold: 3', 'threshold: 9'))).toEqual([]);
  expect(theFinding(rollbackOverBudget, without.replace('threshold: 3', 'threshold: 17')).message).toContain('180 s');
});

test('an assumed scrape alone stops nothing', () => {
  const unknown = sound.replace(/kind: ServiceMonitor/, 'kind: PodMonitor').replace('60s', '50s');
  // 4 + 40 s are certain; the scrape in half a window, 10 s, is assumed.
  expect(theFinding(rollbackOverBudget, unknown)).toMatchObject({
    level: 'warning',
    message: expect.stringContaining('which no file here says'),
  });
});

test('a Canary without metrics has no such time', () => {
  expect(findings(rollbackOverBudget, sound.replace(/ {4}metrics:[\s\S]*? {4}webhooks:/, '    webhooks:'))).toEqual([]);
});
