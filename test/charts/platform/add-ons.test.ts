import { join } from 'node:path';
import { renderer } from '../../../charts/render';
import { loadCatalog, type ServiceInEnvironment, servicesInEnvironments } from '../../../lib/catalog';
import { environmentFile } from '../../../lib/ledger';
import { releaseOf } from '../../ledger/fixtures';
import { parseRendered, type RenderedObject } from '../render-catalog';

/** Facts about a chart at one version. */
interface ChartFacts {
  /** The template that they are from, at this version. */
  readonly source: string;
  readonly version: string;
  readonly release: string;
  readonly namespace: string;
  /** Services with their ports, as the chart renders them with this release name and our values. */
  readonly services: Readonly<Record<string, readonly number[]>>;
}

/**
 * What the charts render with our values, from their templates and from `helm template` (4.1.4) at these versions. If the name of the release
 * contains that of the chart, names begin with it (`fullname` in `_helpers.tpl`), so another release name changes all of them.
 */
const chartFacts: Readonly<Record<string, ChartFacts>> = {
  flagger: {
    source: 'https://github.com/fluxcd/flagger/blob/v1.44.0/charts/flagger/templates/podmonitor.yaml',
    version: '1.44.0',
    release: 'flagger',
    namespace: 'flagger',
    services: {},
  },
  'flagger-loadtester': {
    source: 'https://github.com/fluxcd/flagger/blob/v1.44.0/charts/loadtester/templates/service.yaml',
    version: '0.38.0',
    release: 'flagger-loadtester',
    namespace: 'flagger',
    services: { 'flagger-loadtester': [80] },
  },
  prometheus: {
    source:
      'https://github.com/prometheus-community/helm-charts/blob/kube-prometheus-stack-77.12.0/charts/kube-prometheus-stack/templates/prometheus/prometheus.yaml',
    version: '77.12.0',
    release: 'prometheus',
    namespace: 'monitoring',
    // Prometheus Operator creates the first one for every Prometheus (pkg/prometheus/server/statefulset.go, governingServiceName).
    services: { 'prometheus-operated': [9090], 'prometheus-prometheus': [9090], 'prometheus-alertmanager': [9093] },
  },
  loki: {
    source:
      'https://github.com/grafana/loki/blob/helm-loki-6.40.0/production/helm/loki/templates/gateway/_helpers-gateway.tpl',
    version: '6.40.0',
    release: 'loki',
    namespace: 'logging',
    services: { 'loki-gateway': [80], loki: [3100, 9095] },
  },
  jaeger: {
    source:
      'https://github.com/jaegertracing/helm-charts/blob/jaeger-3.4.1/charts/jaeger/templates/allinone-deploy.yaml',
    version: '3.4.1',
    release: 'jaeger',
    namespace: 'tracing',
    services: { 'jaeger-collector': [4317, 4318, 9411, 14250, 14268], 'jaeger-query': [16685, 16686] },
  },
  opentelemetry: {
    source:
      'https://github.com/open-telemetry/opentelemetry-helm-charts/blob/opentelemetry-collector-0.134.1/charts/opentelemetry-collector/templates/service.yaml',
    version: '0.134.1',
    release: 'opentelemetry',
    namespace: 'tracing',
    services: { 'opentelemetry-collector': [4317, 4318] },
  },
};

const catalog = loadCatalog(join(__dirname, '..', '..', '..', 'catalog'));
const [, prod] = catalog.platform.environments;
const environment = environmentFile(catalog.platform, prod as NonNullable<typeof prod>);
const services = servicesInEnvironments(catalog).filter((service) => service.environment === 'prod');
const applicationsFor = (deployed: readonly ServiceInEnvironment[], changes: Partial<typeof environment> = {}) =>
  parseRendered(renderer.environment({ ...environment, ...changes }, deployed)).filter(
    ({ file }) => file === 'platform/prod/add-ons.yaml',
  );
const blueGreen = services.map((service) => ({
  ...service,
  rollback: { budgetSeconds: 60, plan: 'blue-green' as const },
}));
const applications = applicationsFor(blueGreen);
const valuesOf = (addOn: string) =>
  (applications.find(({ metadata }) => metadata.name === `prod-${addOn}`) as RenderedObject).spec.source.helm
    .valuesObject;

test('every chart has the version, release name and namespace of the recorded facts', () => {
  expect(
    Object.fromEntries(
      applications.map(({ metadata, spec }) => [
        metadata.name.replace(/^prod-/, ''),
        {
          version: spec.source.targetRevision,
          release: spec.source.helm.releaseName,
          namespace: spec.destination.namespace,
        },
      ]),
    ),
  ).toEqual(
    Object.fromEntries(
      Object.entries(chartFacts).map(([addOn, { version, release, namespace }]) => [
        addOn,
        { version, release, namespace },
      ]),
    ),
  );
});

/** Addresses of Services of the add-ons in a text: `name.namespace[:port]`, with or without a scheme. */
function addressesIn(text: string): readonly string[] {
  const namespaces = [...new Set(Object.values(chartFacts).map(({ namespace }) => namespace))].join('|');
  const address = new RegExp(`(?:(https?)://|["\\s])([a-z][a-z0-9-]*)\\.(${namespaces})(?::(\\d+))?(?=[/"\\s]|$)`, 'g');
  return [...text.matchAll(address)].map(
    ([, scheme, name, namespace, port]) => `${name}.${namespace}:${port ?? (scheme === 'https' ? 443 : 80)}`,
  );
}

test('every Service of an add-on that the manifests refer to is one that its chart creates', () => {
  const known = Object.values(chartFacts).flatMap(({ namespace, services: created }) =>
    Object.entries(created).flatMap(([name, ports]) => ports.map((port) => `${name}.${namespace}:${port}`)),
  );
  const [hello] = blueGreen;
  const files = new Map([
    ...renderer.environment(environment, blueGreen),
    ...renderer.service(hello as NonNullable<typeof hello>, releaseOf('hello', 'prod', 'one')),
  ]);
  const addresses = new Set([...files.values()].flatMap(addressesIn));
  expect([...addresses].filter((address) => !known.includes(address))).toEqual([]);
  expect([...addresses].sort()).toEqual([
    'flagger-loadtester.flagger:80',
    'jaeger-collector.tracing:4317',
    'jaeger-query.tracing:16686',
    'loki-gateway.logging:80',
    'opentelemetry-collector.tracing:4318',
    'prometheus-operated.monitoring:9090',
  ]);
});

test('Prometheus selects monitors and rules by any labels', () => {
  const { prometheusSpec } = valuesOf('prometheus').prometheus;
  // templates/prometheus/prometheus.yaml: without a selector, the chart selects by the label of its release, unless this is false.
  for (const kind of ['serviceMonitor', 'podMonitor', 'rule']) {
    expect(prometheusSpec[`${kind}SelectorNilUsesHelmValues`]).toBe(false);
    expect(prometheusSpec).not.toHaveProperty(`${kind}Selector`);
  }
});

test('Flagger’s metrics keep the namespace of their Canary', () => {
  // templates/podmonitor.yaml
  expect(valuesOf('flagger').podMonitor).toEqual({
    enabled: true,
    additionalLabels: environment.monitorLabels,
    honorLabels: true,
  });
});

test('the collector has a Service although it runs on every node', () => {
  // templates/_helpers.tpl, opentelemetry-collector.serviceEnabled: false by default for a daemonset.
  expect(valuesOf('opentelemetry')).toMatchObject({ mode: 'daemonset', service: { enabled: true } });
});

test('the load tester is an add-on if Flagger is, a service is blue-green, and no other load tester is configured', () => {
  const names = (objects: readonly RenderedObject[]) => objects.map(({ metadata }) => metadata.name);
  expect(names(applications)).toContain('prod-flagger-loadtester');
  expect(names(applicationsFor(services))).not.toContain('prod-flagger-loadtester');
  expect(names(applicationsFor(blueGreen, { addOns: ['prometheus'] }))).toEqual(['prod-prometheus']);
  const elsewhere = blueGreen.map((service) => ({ ...service, loadTester: 'http://load.acme.example' }));
  expect(names(applicationsFor(elsewhere))).not.toContain('prod-flagger-loadtester');
});

test('Flagger copies no Secret for the primary, which would keep a password after its rotation', () => {
  expect(valuesOf('flagger')).toMatchObject({ configTracking: { enabled: false } });
});
