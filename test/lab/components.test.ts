import { platform, stopOrder } from '../../lab/components';
import { layoutOf } from '../../lab/layout';
import { sorted } from '../../lab/run/dependency-order';

jest.mock('../../lib/tools', () => ({
  ...jest.requireActual('../../lib/tools'),
  toolPath: (name: string) => `/tools/${name}`,
}));

const layout = layoutOf('/state/lab');
const components = platform(layout, {
  'etcd-server': '3',
  containerd: '1',
  'docker-registry': '2',
  envoy: '1',
  serve: [],
});
const servers = components.filter((component) => component.kind === 'server');

test('there is an order in which the components can come up', () => {
  expect(sorted(components)).toHaveLength(components.length);
});

test('every server has its place in the order in which they end', () => {
  expect([...stopOrder.first, stopOrder.runtime, ...stopOrder.last].sort()).toEqual(
    servers.map(({ name }) => name).sort(),
  );
});

test('every component has a name of its own', () => {
  expect(new Set(components.map(({ name }) => name)).size).toBe(components.length);
});

test('every file that a server reads lies in the state folder', () => {
  for (const { files = [], folders = [] } of servers) {
    for (const path of [...files.map((file) => file.path), ...folders]) {
      expect(path).toMatch(/^\/state\/lab\//);
    }
  }
});

test('whatever speaks to the API server waits for it', () => {
  const needs = (name: string): readonly string[] => {
    const own = components.find((component) => component.name === name)?.needs ?? [];
    return [...own, ...own.flatMap(needs)];
  };
  for (const name of ['kubelet', 'contour', 'flagger', 'argocd-application-controller', 'monitors']) {
    expect(needs(name)).toContain('kube-apiserver');
  }
});

test('the API server may hold what it uses after an hour of releases, 450 MB: below that it collects without end', () => {
  const limit = servers.find(({ name }) => name === 'kube-apiserver')?.environment?.GOMEMLIMIT;
  expect(Number(/^(\d+)MiB$/.exec(limit ?? '')?.[1])).toBeGreaterThan(450 * 1.5);
});
