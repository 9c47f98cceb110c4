import { addOnNamespaces } from '../../../lib/catalog';
import { alertmanagerConfiguration } from './alertmanager';
import { grafanaDatasources } from './grafana-datasources';
import { type HelmChart, helmRepositories } from './helm-chart';

/** Prometheus Operator with Prometheus, Alertmanager and Grafana. */
export const prometheus: HelmChart = {
  repository: helmRepositories.prometheusCommunity,
  chart: 'kube-prometheus-stack',
  version: '77.12.0',
  namespace: addOnNamespaces.prometheus,
  values: (environment) => ({
    // Keeps the names of the Services as short as in the default URLs of the catalog.
    fullnameOverride: 'prometheus',
    prometheus: {
      prometheusSpec: {
        // The default for rule groups without an interval of their own; rollback rules set 5 s.
        evaluationInterval: '15s',
        // The objectives look back three days.
        retention: '15d',
        enableFeatures: ['exemplar-storage'],
        // Selects monitors and rules by any labels. By default, the chart selects only those with the label of its own release.
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
};
