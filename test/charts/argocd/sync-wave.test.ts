import { SyncWave } from '../../../charts/argocd/sync-wave';

test('the waves of a service are permissions, judges, target, rollout, views', () => {
  const { permissions, judges, target, rollout, views } = SyncWave;
  expect([permissions, judges, target, rollout, views].map(({ number }) => number)).toEqual([-2, -1, 0, 1, 2]);
});

test('a wave is said in an annotation, which is text', () => {
  expect(SyncWave.of(-3).annotations).toEqual({ 'argocd.argoproj.io/sync-wave': '-3' });
});

test.each([0.5, Number.NaN])('refuses %d', (number) => {
  expect(() => SyncWave.of(number)).toThrow(`'wave' (${number}) must be a whole number`);
});
