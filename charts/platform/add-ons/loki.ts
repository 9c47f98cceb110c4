import { addOnNamespaces } from '../../../lib/catalog';
import { type HelmChart, helmRepositories } from './helm-chart';

/** Logs, stored for two weeks on the disk of a single replica. */
export const loki: HelmChart = {
  repository: helmRepositories.grafana,
  chart: 'loki',
  version: '6.40.0',
  namespace: addOnNamespaces.loki,
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
    // The default caches request 10 GB of memory.
    chunksCache: { enabled: false },
    resultsCache: { enabled: false },
    singleBinary: { replicas: 1 },
    read: { replicas: 0 },
    write: { replicas: 0 },
    backend: { replicas: 0 },
  }),
};
