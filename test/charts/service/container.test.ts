import fc from 'fast-check';
import type { ServiceInEnvironment } from '../../../lib/catalog';
import { planOf } from '../../../lib/rollout';
import { releaseOf, serviceOf } from '../../ledger/fixtures';
import { type RenderedObject, renderServiceObjects } from '../render-catalog';

const objectOf = (kind: string, changes: Partial<ServiceInEnvironment> = {}) =>
  renderServiceObjects(serviceOf('hello', 'prod', changes), releaseOf('hello', 'prod', 'one')).find(
    (object) => object.kind === kind,
  ) as RenderedObject;
const podOf = (changes?: Partial<ServiceInEnvironment>) => objectOf('Deployment', changes).spec.template.spec;
const containerOf = (changes?: Partial<ServiceInEnvironment>) => podOf(changes).containers[0];
const canaryServiceOf = (changes?: Partial<ServiceInEnvironment>) => objectOf('Canary', changes).spec.service;

describe('arguments', () => {
  test('are absent without args', () => {
    expect(containerOf()).not.toHaveProperty('args');
  });

  test('reach the program exactly as written, whatever Kubernetes expands in them', () => {
    const expand = (text: string) => text.replace(/\$\$|\$\([^)]*\)/g, (match) => (match === '$$' ? '$' : 'expanded'));
    fc.assert(
      fc.property(fc.array(fc.string()), (args) => {
        const rendered: readonly string[] = containerOf({ args }).args ?? [];
        expect(rendered.map(expand)).toEqual(args);
      }),
      { examples: [[['serve', '--name=$(HOME)', '$$(A)', '$']]], numRuns: 20 },
    );
  });
});

describe('ports', () => {
  const ports = [{ name: 'grpc', port: 9090 }];

  test('without further ports, the container has the port of the requests alone, and Flagger discovers none', () => {
    expect(containerOf().ports).toEqual([{ name: 'http', containerPort: 8080 }]);
    expect(canaryServiceOf()).not.toHaveProperty('portDiscovery');
  });

  test('further ports are ports of the container, and of the Services that Flagger creates', () => {
    expect(containerOf({ ports }).ports).toEqual([
      { name: 'http', containerPort: 8080 },
      { name: 'grpc', containerPort: 9090 },
    ]);
    expect(canaryServiceOf({ ports })).toMatchObject({ port: 8080, portName: 'http', portDiscovery: true });
  });

  test('the Services name the protocol only where it is HTTP/2 without TLS', () => {
    expect(canaryServiceOf()).not.toHaveProperty('appProtocol');
    expect(canaryServiceOf({ protocol: 'h2c' })).toMatchObject({ portName: 'http', appProtocol: 'kubernetes.io/h2c' });
  });

  test('metrics and probes on ports of their own have the names metrics and probes', () => {
    const { metrics } = serviceOf('hello', 'prod');
    const changes: Partial<ServiceInEnvironment> = {
      metrics: { ...metrics, port: 9100 },
      probes: { ready: '/readyz', live: '/livez', port: 9200 },
    };
    const container = containerOf(changes);
    expect(container.ports).toEqual([
      { name: 'http', containerPort: 8080 },
      { name: 'metrics', containerPort: 9100 },
      { name: 'probes', containerPort: 9200 },
    ]);
    expect(container.livenessProbe.httpGet).toEqual({ path: '/livez', port: 'probes' });
    expect(canaryServiceOf(changes)).toMatchObject({ portDiscovery: true });
  });

  test.each([
    ['the port of the requests', 8080, 'http'],
    ['a named port', 9090, 'grpc'],
  ])('probes on %s use its name, and no port is declared twice', (_, port, name) => {
    const container = containerOf({ ports, probes: { ready: '/readyz', live: '/livez', port } });
    expect(container.ports).toHaveLength(2);
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      expect(container[probe].httpGet.port).toBe(name);
    }
  });
});

describe('start and end of a pod', () => {
  test('Kubernetes restarts no container before the progress deadline, for any deadline', () => {
    fc.assert(
      fc.property(fc.option(fc.integer({ min: 10, max: 1800 }), { nil: undefined }), (progressDeadlineSeconds) => {
        const rollback = { budgetSeconds: 7200, plan: 'fast' as const, progressDeadlineSeconds };
        const { startupProbe } = containerOf({ rollback });
        const { progressDeadlineSeconds: deadline } = planOf(serviceOf('hello', 'prod', { rollback }));
        expect(startupProbe.failureThreshold * startupProbe.periodSeconds).toBeGreaterThanOrEqual(deadline);
      }),
      { numRuns: 20 },
    );
  });

  test('a pod drains for 5 s and ends within 30 s by default', () => {
    expect(podOf().terminationGracePeriodSeconds).toBe(30);
    expect(containerOf().lifecycle).toEqual({ preStop: { sleep: { seconds: 5 } } });
  });

  test('a pod drains and ends within the times of the catalog', () => {
    const shutdown = { drainSeconds: 20, gracePeriodSeconds: 120 };
    expect(podOf({ shutdown }).terminationGracePeriodSeconds).toBe(120);
    expect(containerOf({ shutdown }).lifecycle).toEqual({ preStop: { sleep: { seconds: 20 } } });
  });
});

test.each([
  [undefined, '64Mi'],
  ['2Gi', '2Gi'],
  ['100Ki', '100Ki'],
])('/tmp of size %s is limited to %s', (tmpSize, sizeLimit) => {
  expect(podOf({ tmpSize }).volumes).toEqual([{ name: 'tmp', emptyDir: { sizeLimit } }]);
});
