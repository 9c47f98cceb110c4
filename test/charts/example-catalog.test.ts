import { join } from 'node:path';
import { renderer } from '../../charts/render';
import { loadCatalog, rolloutPresets, servicesInEnvironments } from '../../lib/catalog';
import { canonicalJson } from '../../lib/values';
import { releaseOf } from '../ledger/fixtures';
import { parseRendered, type RenderedObject, renderCatalog } from './render-catalog';

const catalog = loadCatalog(join(__dirname, '..', '..', 'catalog'));
const objects = parseRendered(renderCatalog(catalog));
const objectsOf = (environment: string, kind: string) =>
  objects.filter((object) => object.file.startsWith(`manifests/${environment}/`) && object.kind === kind);
const objectOf = (environment: string, kind: string) => objectsOf(environment, kind)[0] as RenderedObject;
const container = (environment: string) => objectOf(environment, 'Deployment').spec.template.spec.containers[0];

describe('the environments of the example catalog', () => {
  test('dev has 1 replica with 512Mi, prod 3 with 2Gi', () => {
    expect(objectOf('dev', 'HorizontalPodAutoscaler').spec.minReplicas).toBe(1);
    expect(container('dev').resources).toMatchObject({ requests: { memory: '512Mi' }, limits: { memory: '512Mi' } });
    expect(objectOf('prod', 'HorizontalPodAutoscaler').spec.minReplicas).toBe(3);
    expect(container('prod').resources).toMatchObject({ requests: { memory: '2Gi' }, limits: { memory: '2Gi' } });
  });

  test('run the image of the release by digest', () => {
    expect(container('prod').image).toBe(releaseOf('hello', 'prod', 'one').image);
    expect(container('prod').image).toMatch(/@sha256:[0-9a-f]{64}$/);
  });

  test('send 5 % of the traffic to the canary first, and check errors and a p99 of 500 ms', () => {
    const { analysis } = objectOf('prod', 'Canary').spec;
    expect(analysis.stepWeights[0]).toBe(5);
    expect(
      analysis.metrics.map(({ name, thresholdRange }: { name: string; thresholdRange: object }) => [
        name,
        thresholdRange,
      ]),
    ).toEqual([
      ['error-percentage', { max: 1 }],
      ['p99', { max: 0.5 }],
    ]);
    for (const metric of analysis.metrics) {
      expect(objectsOf('prod', 'MetricTemplate').map(({ metadata }) => metadata.name)).toContain(
        metric.templateRef.name,
      );
      expect(metric.interval).toMatch(/^\d+s$/);
    }
  });

  test('page when the p99 stays over 500 ms', () => {
    const rules = objectsOf('prod', 'PrometheusRule').flatMap(({ spec }) =>
      spec.groups.flatMap((group: { rules: object[] }) => group.rules),
    );
    expect(rules).toContainEqual(
      expect.objectContaining({
        alert: 'LatencyHigh',
        expr: 'service:latency_seconds:p99{service="hello",namespace="hello"} > 0.5',
        labels: expect.objectContaining({ severity: 'page' }),
      }),
    );
  });
});

describe('the manifests of a service', () => {
  test('set no replicas, select pods by one label, and include no Service', () => {
    const { spec } = objectOf('prod', 'Deployment');
    expect(spec).not.toHaveProperty('replicas');
    expect(spec.selector).toEqual({ matchLabels: { app: 'hello' } });
    expect(objects.filter(({ kind }) => kind === 'Service')).toEqual([]);
  });

  test('set the same progress deadline in Canary and Deployment', () => {
    expect(objectOf('prod', 'Canary').spec.progressDeadlineSeconds).toBe(45);
    expect(objectOf('prod', 'Deployment').spec.progressDeadlineSeconds).toBe(45);
  });

  test('run pods without privileges: user 65532, read-only root file system, no token, no capabilities', () => {
    const { spec } = objectOf('prod', 'Deployment').spec.template;
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(container('prod').securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      privileged: false,
      capabilities: { drop: ['ALL'] },
    });
  });

  test('set GOMEMLIMIT to nine tenths of the memory limit', () => {
    const limit = container('prod').env.find(({ name }: { name: string }) => name === 'GOMEMLIMIT').value;
    expect(Number(limit)).toBe(Math.floor(2 * 1024 ** 3 * 0.9));
  });

  test('allow one pod of the primary to be unavailable', () => {
    expect(objectOf('prod', 'PodDisruptionBudget').spec).toMatchObject({
      maxUnavailable: 1,
      selector: { matchLabels: { app: 'hello-primary' } },
    });
  });

  test('allow ingress from the gateway and Prometheus only, and egress to DNS and the trace collector only', () => {
    const { spec } = objectOf('prod', 'NetworkPolicy');
    const namespaces = spec.ingress[0].from.map(
      (peer: { namespaceSelector: { matchLabels: Record<string, string> } }) =>
        peer.namespaceSelector.matchLabels['kubernetes.io/metadata.name'],
    );
    expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(namespaces).toEqual(['gateway', 'monitoring']);
    expect(spec.egress.map(({ ports }: { ports: { port: number }[] }) => ports.map(({ port }) => port))).toEqual([
      [53, 53],
      [4318],
    ]);
    expect(spec.egress[0].ports).toContainEqual({ protocol: 'UDP', port: 53 });
  });

  test('include the webhooks of the agent only if the catalog enables it', () => {
    const [service] = servicesInEnvironments(catalog);
    const webhooksOf = (agent: boolean) => {
      const files = renderer.service(
        { ...(service as NonNullable<typeof service>), agent },
        releaseOf('hello', 'dev', 'one'),
      );
      const canary = parseRendered(files).find(({ kind }) => kind === 'Canary') as RenderedObject;
      return (canary.spec.analysis.webhooks ?? []).map(({ name, type, timeout }: Record<string, string>) => [
        name,
        type,
        timeout,
      ]);
    };
    expect(webhooksOf(false)).toEqual([]);
    expect(webhooksOf(true)).toEqual([
      ['alerts', 'rollback', '2s'],
      ['outcome', 'post-rollout', '2s'],
    ]);
  });

  test('generate traffic for a release without user traffic, and allow the load tester', () => {
    const [service] = servicesInEnvironments(catalog);
    const blueGreen = {
      ...(service as NonNullable<typeof service>),
      rollback: { budgetSeconds: 180, plan: 'blue-green' as const },
    };
    const rendered = parseRendered(renderer.service(blueGreen, releaseOf('hello', 'dev', 'one')));
    const canary = rendered.find(({ kind }) => kind === 'Canary') as RenderedObject;
    expect(canary.spec.provider).toBe('kubernetes');
    expect(canary.spec.analysis.webhooks[0]).toMatchObject({
      type: 'rollout',
      metadata: { cmd: 'hey -z 195s -q 10 -c 2 http://hello-canary.hello:8080/' },
    });
    expect(canonicalJson(rendered.find(({ kind }) => kind === 'NetworkPolicy') ?? {})).toContain('"flagger"');
  });

  test.each(rolloutPresets)('route the requests for the host to the service with the plan %s', (plan) => {
    const [service] = servicesInEnvironments(catalog);
    const rendered = parseRendered(
      renderer.service(
        { ...(service as NonNullable<typeof service>), rollback: { budgetSeconds: 300, plan } },
        releaseOf('hello', 'dev', 'one'),
      ),
    );
    const canary = rendered.find(({ kind }) => kind === 'Canary') as RenderedObject;
    const routes = rendered.filter(({ kind }) => kind === 'HTTPRoute');
    const gateway = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public', namespace: 'gateway' };
    if (canary.spec.provider === 'gatewayapi:v1') {
      expect(canary.spec.service).toMatchObject({ hosts: ['hello.dev.example.com'], gatewayRefs: [gateway] });
      expect(routes).toEqual([]);
    } else {
      expect(routes).toHaveLength(1);
      expect(routes[0]?.metadata.name).not.toBe(canary.metadata.name);
      expect(routes[0]?.spec).toMatchObject({
        parentRefs: [gateway],
        hostnames: ['hello.dev.example.com'],
        rules: [{ backendRefs: [{ name: canary.metadata.name, port: canary.spec.service.port }] }],
      });
    }
  });

  test('include a dashboard with traffic, weights, errors, latency and error budget', () => {
    const boards = objectsOf('prod', 'ConfigMap').filter(({ metadata }) => metadata.labels?.grafana_dashboard === '1');
    const board = JSON.parse(Object.values(boards[0]?.data ?? {})[0] ?? '') as {
      panels: { title: string; targets: { expr: string; exemplar: boolean }[] }[];
    };
    expect(board.panels.map(({ title }) => title)).toEqual([
      'Traffic',
      'Weights',
      'Errors',
      'Latency, 99th percentile',
      'Error budget burn rate',
      'Rollout',
    ]);
    expect(board.panels[3]?.targets.every(({ exemplar }) => exemplar)).toBe(true);
  });
});

test('another digest changes exactly one line of all manifests', () => {
  const [service] = servicesInEnvironments(catalog);
  const linesOf = (name: string) =>
    [...renderer.service(service as NonNullable<typeof service>, releaseOf('hello', 'dev', name))].flatMap(
      ([file, text]) => text.split('\n').map((line, index) => `${file}:${index + 1} ${line}`),
    );
  const before = new Set(linesOf('one'));
  const changed = linesOf('two').filter((line) => !before.has(line));
  expect(changed).toHaveLength(1);
  expect(changed[0]).toMatch(/^manifests\/dev\/hello\/deployment\.yaml:\d+ +image: /);
});
