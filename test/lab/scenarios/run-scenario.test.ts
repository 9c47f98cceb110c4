import type { ClusterDriver } from '../../../lab/driver';
import { layoutOf } from '../../../lab/layout';
import { runScenario } from '../../../lab/scenarios/run-scenario';

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
  ['during its preparation', false],
  ['at its start', true],
])('a scenario that is aborted %s fails with the reason and a partial result', async (_, startsEmpty) => {
  const scenario = { number: 3, name: 'errors', title: 'It fails', startsEmpty, run: () => Promise.resolve() };
  const result = await runScenario(scenario, {
    layout: layoutOf('/nowhere'),
    cluster: broken,
    printProgress: () => {},
  });
  expect(result).toMatchObject({
    number: 3,
    name: 'errors',
    passed: false,
    badResponses: 0,
    weights: [],
    responses: [],
  });
  expect(result.error).toContain('/nowhere/kubeconfig');
  expect(result.journal.map(({ text }) => text)).toEqual([`✗ ${result.error}`]);
});
