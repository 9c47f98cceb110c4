import { labComponents, stopOrder } from '../../lab/components';
import { layoutOf } from '../../lab/layout';
import { sortByDependencies } from '../../lab/run/dependency-order';

jest.mock('../../lib/tools', () => ({
  ...jest.requireActual('../../lib/tools'),
  toolPath: (name: string) => `/tools/${name}`,
}));

const layout = layoutOf('/state/lab');
const components = labComponents(layout, {
  'etcd-server': '3',
  containerd: '1',
  'docker-registry': '2',
  envoy: '1',
  serve: [],
});
const servers = components.filter((component) => component.kind === 'server');

test('the components have a dependency order', () => {
  expect(sortByDependencies(components)).toHaveLength(components.length);
});

test('every server is in the stop order', () => {
  expect([...stopOrder.first, stopOrder.runtime, ...stopOrder.last].sort()).toEqual(
    servers.map(({ name }) => name).sort(),
  );
});

test('the names of components are unique', () => {
  expect(new Set(components.map(({ name }) => name)).size).toBe(components.length);
});

test('every configuration file is in the state directory', () => {
  for (const { files = [], folders = [] } of servers) {
    for (const path of [...files.map((file) => file.path), ...folders]) {
      expect(path).toMatch(/^\/state\/lab\//);
    }
  }
});

test('every client of the API server waits for it', () => {
  const needs = (name: string): readonly string[] => {
    const own = components.find((component) => component.name === name)?.needs ?? [];
    return [...own, ...own.flatMap(needs)];
  };
  for (const name of ['kubelet', 'contour', 'flagger', 'argocd-application-controller', 'monitors']) {
    expect(needs(name)).toContain('kube-apiserver');
  }
});

test('the memory limit of the API server leaves room for its heap after an hour of releases: 450 MB', () => {
  const limit = servers.find(({ name }) => name === 'kube-apiserver')?.environment?.GOMEMLIMIT;
  expect(Number(/^(\d+)MiB$/.exec(limit ?? '')?.[1])).toBeGreaterThan(450 * 1.5);
});
