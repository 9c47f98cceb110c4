import type { Construct } from 'constructs';
import type { AddOn } from '../../lib/catalog';
import type { EnvironmentFile } from '../../lib/ledger';
import { Application } from '../argocd/application';
import { platformProject } from '../argocd/bootstrap';
import { argocd } from '../kubernetes/manifest';
import { alertmanagerConfiguration } from './alertmanager';
import { grafanaDatasources } from './grafana-datasources';
import { managed } from './namespaces';

interface Chart {
  readonly repository: string;
  readonly chart: string;
  /** Exact. To raise one: read its upgrade notes, change it here, and let the tests look at the rendering. */
  readonly version: string;
  readonly namespace: string;
  readonly values: (environment: EnvironmentFile) => object;
}

/** Every add-on as a chart at one version. */
const charts: Readonly<Record<AddOn, Chart>> = {
  flagger: {
    repository: 'https://flagger.app',
    chart: 'flagger',
    version: '1.44.0',
    namespace: 'flagger',
    values: ({ prometheus }) => ({
      meshProvider: 'gatewayapi:v1',
      metricsServer: prometheus,
      // A second replica takes over at once: without one, a node that goes takes the rollback with it.
      leaderElection: { enabled: true, replicaCount: 2 },
      podMonitor: { enabled: true },
      crd: { create: true },
    }),
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
          serviceMonitorSelector: { matchLabels: environment.monitorLabels },
          ruleSelector: { matchLabels: environment.monitorLabels },
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

/** An Application for each add-on that the catalog asks for, before everything that needs it. */
export function addOnApplications(scope: Construct, environment: EnvironmentFile): void {
  for (const addOn of environment.addOns) {
    const { repository, chart, version, namespace, values } = charts[addOn];
    new Application(scope, `AddOn-${addOn}`, {
      name: `${environment.name}-${addOn}`,
      namespace: environment.argocdNamespace,
      labels: { ...managed, 'app.kubernetes.io/name': addOn },
      annotations: argocd.wave(-4),
      project: platformProject,
      source: { repository, chart, version, values: values(environment) },
      destination: { server: environment.cluster, namespace },
      createNamespace: true,
    });
  }
}
