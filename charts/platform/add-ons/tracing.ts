import { addOnNamespaces } from '../../../lib/catalog';
import { type HelmChart, helmRepositories } from './helm-chart';

/** Traces, kept in memory. */
export const jaeger: HelmChart = {
  repository: helmRepositories.jaeger,
  chart: 'jaeger',
  version: '3.4.1',
  namespace: addOnNamespaces.jaeger,
  values: () => ({
    allInOne: { enabled: true },
    provisionDataStore: { cassandra: false },
    storage: { type: 'memory' },
    agent: { enabled: false },
    collector: { enabled: false },
    query: { enabled: false },
  }),
};

/** A collector on every node: it sends traces to Jaeger and the logs of the pods to Loki. */
export const openTelemetry: HelmChart = {
  repository: helmRepositories.openTelemetry,
  chart: 'opentelemetry-collector',
  version: '0.134.1',
  namespace: addOnNamespaces.opentelemetry,
  values: () => ({
    fullnameOverride: 'opentelemetry-collector',
    mode: 'daemonset',
    // Services send traces to a name. In this mode the chart creates the Service only on request; it keeps requests on the node.
    service: { enabled: true },
    image: { repository: 'otel/opentelemetry-collector-k8s' },
    // Reads the log files of the node and adds the Kubernetes attributes by which Loki is queried.
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
};
