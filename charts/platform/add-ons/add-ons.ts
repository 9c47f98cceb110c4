import type { Construct } from 'constructs';
import type { AddOn, ServiceInEnvironment } from '../../../lib/catalog';
import type { EnvironmentFile } from '../../../lib/ledger';
import { planOf } from '../../../lib/rollout';
import { Application } from '../../argocd/application';
import { platformProject } from '../bootstrap';
import { Source } from '../../argocd/source';
import { SyncWave } from '../../argocd/sync-wave';
import { alertmanagerConfiguration } from './alertmanager';
import { grafanaDatasources } from './grafana-datasources';
import { managed } from '../namespaces';

interface Chart {
  readonly repository: string;
  readonly chart: string;
  /**
   * Exact. To raise one: read its upgrade notes, render it with the values below (`helm template <add-on> <chart> -n <namespace> -f …`), and put
   * the names and labels that others go by into test/charts/add-ons.test.ts, which knows them for this version alone.
   */
  readonly version: string;
  readonly namespace: string;
  readonly values: (environment: EnvironmentFile) => object;
}

/** Every add-on as a chart at one version. Its key is the name of the Helm release, of which charts make the names of their Services. */
const charts: Readonly<Record<AddOn | 'flagger-loadtester', Chart>> = {
  flagger: {
    repository: 'https://flagger.app',
    chart: 'flagger',
    version: '1.44.0',
    namespace: 'flagger',
    values: ({ prometheus, monitorLabels }) => ({
      meshProvider: 'gatewayapi:v1',
      metricsServer: prometheus,
      // A second replica takes over at once: without one, a node that goes takes the rollback with it.
      leaderElection: { enabled: true, replicaCount: 2 },
      // Its metrics say the namespace of the Canary: without honorLabels the scrape's own would take its place.
      podMonitor: { enabled: true, additionalLabels: monitorLabels, honorLabels: true },
      crd: { create: true },
    }),
  },
  'flagger-loadtester': {
    repository: 'https://flagger.app',
    chart: 'loadtester',
    version: '0.38.0',
    namespace: 'flagger',
    values: () => ({}),
  },
  prometheus: {
    repository: 'https://prometheus-community.github.io/helm-charts',
    chart: 'kube-prometheus-stack',
    version: '77.12.0',
    namespace: 'monitoring',
    values: (environment) => ({
      // Its default name would be longer than the URL that the catalog's default names.
      fullnameOverride: 'prometheus',
      prometheus: {
        prometheusSpec: {
          // Rules that take a release back are evaluated every 5 s, and a service's objectives look back three days.
          evaluationInterval: '15s',
          retention: '15d',
          enableFeatures: ['exemplar-storage'],
          // Whatever their labels: the services' have those of the catalog, the chart's own those of its release.
          serviceMonitorSelectorNilUsesHelmValues: false,
          podMonitorSelectorNilUsesHelmValues: false,
          ruleSelectorNilUsesHelmValues: false,
        },
      },
      alertmanager: { config: alertmanagerConfiguration(environment) },
      grafana: {
        sidecar: {
          dashboards: { enabled: true, searchNamespace: 'ALL', label: 'grafana_dashboard' },
          datasources: { enabled: false },
        },
        datasources: { 'datasources.yaml': grafanaDatasources(environment) },
      },
    }),
  },
  loki: {
    repository: 'https://grafana.github.io/helm-charts',
    chart: 'loki',
    version: '6.40.0',
    namespace: 'logging',
    values: () => ({
      deploymentMode: 'SingleBinary',
      loki: {
        auth_enabled: false,
        commonConfig: { replication_factor: 1 },
        storage: { type: 'filesystem' },
        schemaConfig: {
          configs: [
            {
              from: '2024-04-01',
              store: 'tsdb',
              object_store: 'filesystem',
              schema: 'v13',
              index: { prefix: 'loki_', period: '24h' },
            },
          ],
        },
        limits_config: { retention_period: '336h' },
      },
      // Its default asks for 10 GB of memory.
      chunksCache: { enabled: false },
      resultsCache: { enabled: false },
      singleBinary: { replicas: 1 },
      read: { replicas: 0 },
      write: { replicas: 0 },
      backend: { replicas: 0 },
    }),
  },
  jaeger: {
    repository: 'https://jaegertracing.github.io/helm-charts',
    chart: 'jaeger',
    version: '3.4.1',
    namespace: 'tracing',
    values: () => ({
      allInOne: { enabled: true },
      provisionDataStore: { cassandra: false },
      storage: { type: 'memory' },
      agent: { enabled: false },
      collector: { enabled: false },
      query: { enabled: false },
    }),
  },
  opentelemetry: {
    repository: 'https://open-telemetry.github.io/opentelemetry-helm-charts',
    chart: 'opentelemetry-collector',
    version: '0.134.1',
    namespace: 'tracing',
    values: () => ({
      fullnameOverride: 'opentelemetry-collector',
      mode: 'daemonset',
      // Services send to a name; the chart leaves it out where every node has its own collector, and keeps requests on the node.
      service: { enabled: true },
      image: { repository: 'otel/opentelemetry-collector-k8s' },
      // Log files of the node, with the pod's names: what Loki is asked by.
      presets: { logsCollection: { enabled: true }, kubernetesAttributes: { enabled: true } },
      config: {
        exporters: {
          'otlp/jaeger': { endpoint: 'jaeger-collector.tracing:4317', tls: { insecure: true } },
          'otlphttp/loki': { endpoint: 'http://loki-gateway.logging/otlp' },
        },
        service: {
          pipelines: {
            traces: { receivers: ['otlp'], exporters: ['otlp/jaeger'] },
            logs: { exporters: ['otlphttp/loki'] },
          },
        },
      },
    }),
  },
};

/**
 * An Application for each add-on that the catalog asks for, before everything that needs it. Where Flagger is ours, so is the load tester that
 * blue-green releases are judged with.
 */
export function addOnApplications(
  scope: Construct,
  environment: EnvironmentFile,
  services: readonly ServiceInEnvironment[],
): void {
  for (const addOn of [...environment.addOns, ...loadTester(environment, services)]) {
    const { repository, chart, version, namespace, values } = charts[addOn];
    new Application(scope, `AddOn-${addOn}`, {
      metadata: {
        name: `${environment.name}-${addOn}`,
        namespace: environment.argocdNamespace,
        labels: { ...managed, 'app.kubernetes.io/name': addOn },
        annotations: SyncWave.foundations.annotations,
      },
      project: platformProject(environment.name),
      source: Source.helm({ repository, chart, version, release: addOn, values: values(environment) }),
      destination: { server: environment.cluster, namespace },
      createNamespace: true,
    });
  }
}

/** Somebody's own load tester, at another address, is theirs to bring. */
function loadTester(
  { addOns }: EnvironmentFile,
  services: readonly ServiceInEnvironment[],
): readonly 'flagger-loadtester'[] {
  const host = `flagger-loadtester.${charts['flagger-loadtester'].namespace}`;
  const asked = services.some(
    (service) => planOf(service).strategy === 'blue-green' && new URL(service.loadTester).hostname.startsWith(host),
  );
  return asked && addOns.includes('flagger') ? ['flagger-loadtester'] : [];
}
