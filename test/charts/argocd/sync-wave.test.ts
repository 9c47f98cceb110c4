import { SyncWave } from '../../../charts/argocd/sync-wave';

test('the waves of a service are permissions, prerequisites, workload, rollout, dashboards', () => {
  const { permissions, prerequisites, workload, rollout, dashboards } = SyncWave;
  expect([permissions, prerequisites, workload, rollout, dashboards].map(({ number }) => number)).toEqual([
    -2, -1, 0, 1, 2,
  ]);
});

test('sets the wave in an annotation, as a string', () => {
  expect(SyncWave.of(-3).annotations).toEqual({ 'argocd.argoproj.io/sync-wave': '-3' });
});

test.each([0.5, Number.NaN])('rejects %d', (number) => {
  expect(() => SyncWave.of(number)).toThrow(`'wave' must be a whole number, got: ${number}`);
});
