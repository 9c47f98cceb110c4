import { addOnNamespaces } from '../../../lib/catalog';
import { type HelmChart, helmRepositories } from './helm-chart';

export const flagger: HelmChart = {
  repository: helmRepositories.flagger,
  chart: 'flagger',
  version: '1.44.0',
  namespace: addOnNamespaces.flagger,
  values: ({ prometheus, monitorLabels }) => ({
    meshProvider: 'gatewayapi:v1',
    metricsServer: prometheus,
    // Otherwise Flagger gives the primary copies of Secrets, which it refreshes only at a promotion: after a rotation, new pods of the primary would
    // start with the old password, and a canary would start without a commit (pkg/canary/config_tracker.go). ConfigMaps have a name per content.
    configTracking: { enabled: false },
    // With a single replica, a failing node would stop rollbacks until Flagger is rescheduled. A second replica takes over at once.
    leaderElection: { enabled: true, replicaCount: 2 },
    // The label `namespace` of Flagger's metrics is that of the Canary. Without honorLabels, Prometheus would overwrite it.
    podMonitor: { enabled: true, additionalLabels: monitorLabels, honorLabels: true },
    crd: { create: true },
  }),
};

/** Generates the requests by which blue-green releases are checked. */
export const flaggerLoadTester: HelmChart = {
  repository: helmRepositories.flagger,
  chart: 'loadtester',
  version: '0.38.0',
  namespace: addOnNamespaces.flagger,
  values: () => ({}),
};
