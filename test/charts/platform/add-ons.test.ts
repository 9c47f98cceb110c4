import { join } from 'node:path';
import { renderer } from '../../../charts/render';
import { loadCatalog, type ServiceInEnvironment, servicesInEnvironments } from '../../../lib/catalog';
import { environmentFile } from '../../../lib/ledger';
import { releaseOf } from '../../ledger/fixtures';
import { objectsIn, type RenderedObject } from '../render-catalog';

interface ReadChart {
  /** Where it was read, at the version of which it is true. */
  readonly source: string;
  readonly version: string;
  readonly release: string;
  readonly namespace: string;
  /** Services, with their ports, as the chart renders them for the release and our values. */
  readonly services: Readonly<Record<string, readonly number[]>>;
}

/**
 * What the charts make of our values: read in their templates, and rendered once with `helm template` (4.1.4) from the sources at these tags.
 * Names begin with the release's name where it holds the chart's (`fullname` in `_helpers.tpl`), so that another release name moves them all.
 */
const read: Readonly<Record<string, ReadChart>> = {
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
    // The first is Prometheus Operator's own, for every Prometheus (pkg/prometheus/server/statefulset.go, governingServiceName).
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
const applicationsFor = (own: readonly ServiceInEnvironment[], changed: Partial<typeof environment> = {}) =>
  objectsIn(renderer.environment({ ...environment, ...changed }, own)).filter(
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

test('a chart is at the version that was read, under the release name and in the namespace that its names are for', () => {
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
      Object.entries(read).map(([addOn, { version, release, namespace }]) => [addOn, { version, release, namespace }]),
    ),
  );
});

/** Every address of a Service within the cluster in what is rendered: `name.namespace[:port]`, with a scheme or as the collector has it. */
function addressesIn(text: string): readonly string[] {
  const namespaces = [...new Set(Object.values(read).map(({ namespace }) => namespace))].join('|');
  const address = new RegExp(`(?:(https?)://|["\\s])([a-z][a-z0-9-]*)\\.(${namespaces})(?::(\\d+))?(?=[/"\\s]|$)`, 'g');
  return [...text.matchAll(address)].map(
    ([, scheme, name, namespace, port]) => `${name}.${namespace}:${port ?? (scheme === 'https' ? 443 : 80)}`,
  );
}

test('every Service of an add-on that anything rendered speaks to is one that its chart makes', () => {
  const known = Object.values(read).flatMap(({ namespace, services: made }) =>
    Object.entries(made).flatMap(([name, ports]) => ports.map((port) => `${name}.${namespace}:${port}`)),
  );
  const [hello] = blueGreen;
  const files = new Map([
    ...renderer.environment(environment, blueGreen),
    ...renderer.service(hello as NonNullable<typeof hello>, releaseOf('hello', 'prod', 'one')),
  ]);
  const spoken = new Set([...files.values()].flatMap(addressesIn));
  expect([...spoken].filter((address) => !known.includes(address))).toEqual([]);
  expect([...spoken].sort()).toEqual([
    'flagger-loadtester.flagger:80',
    'jaeger-collector.tracing:4317',
    'jaeger-query.tracing:16686',
    'loki-gateway.logging:80',
    'opentelemetry-collector.tracing:4318',
    'prometheus-operated.monitoring:9090',
  ]);
});

test('Prometheus takes monitors and rules whatever their labels, the chart’s own and the services’', () => {
  const { prometheusSpec } = valuesOf('prometheus').prometheus;
  // templates/prometheus/prometheus.yaml: a selector that is not said is the release's label, unless this is false.
  for (const kind of ['serviceMonitor', 'podMonitor', 'rule']) {
    expect(prometheusSpec[`${kind}SelectorNilUsesHelmValues`]).toBe(false);
    expect(prometheusSpec).not.toHaveProperty(`${kind}Selector`);
  }
});

test('Flagger’s metrics keep the namespace of the Canary that they are about', () => {
  // templates/podmonitor.yaml
  expect(valuesOf('flagger').podMonitor).toEqual({
    enabled: true,
    additionalLabels: environment.monitorLabels,
    honorLabels: true,
  });
});

test('the collector has a Service although every node has its own', () => {
  // templates/_helpers.tpl, opentelemetry-collector.serviceEnabled: off for a daemonset that does not say so.
  expect(valuesOf('opentelemetry')).toMatchObject({ mode: 'daemonset', service: { enabled: true } });
});

test('the load tester comes where Flagger is ours, a service is released blue-green, and nobody has another one', () => {
  const names = (found: readonly RenderedObject[]) => found.map(({ metadata }) => metadata.name);
  expect(names(applications)).toContain('prod-flagger-loadtester');
  expect(names(applicationsFor(services))).not.toContain('prod-flagger-loadtester');
  expect(names(applicationsFor(blueGreen, { addOns: ['prometheus'] }))).toEqual(['prod-prometheus']);
  const elsewhere = blueGreen.map((service) => ({ ...service, loadTester: 'http://load.acme.example' }));
  expect(names(applicationsFor(elsewhere))).not.toContain('prod-flagger-loadtester');
});
