import type { ClusterDriver } from '../../../lab/driver';
import { layoutOf } from '../../../lab/layout';
import { play } from '../../../lab/scenarios/run-scenario';

const broken: ClusterDriver = {
  name: 'broken',
  up: () => Promise.reject(new Error('down')),
  down: () => Promise.reject(new Error('down')),
  status: () => Promise.resolve([]),
  kubeconfig: () => '/nowhere/kubeconfig',
  stop: () => Promise.resolve(),
  start: () => Promise.resolve(),
};

test.each([
  ['before its own beginning', false],
  ['at its own beginning', true],
])(
  'a scenario that breaks off %s has failed, with the reason, and what there is of it is reported',
  async (_, beginsEmpty) => {
    const scenario = { number: 3, name: 'errors', title: 'It fails', beginsEmpty, play: () => Promise.resolve() };
    const result = await play(scenario, layoutOf('/nowhere'), broken, () => {});
    expect(result).toMatchObject({ number: 3, name: 'errors', passed: false, badAnswers: 0, weights: [], answers: [] });
    expect(result.error).toContain('/nowhere/kubeconfig');
    expect(result.journal.map(({ text }) => text)).toEqual([`✗ ${result.error}`]);
  },
);
