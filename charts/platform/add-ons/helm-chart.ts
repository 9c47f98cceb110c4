import type { EnvironmentFile } from '../../../lib/ledger';

/** Repositories of the charts of all add-ons. */
export const helmRepositories = {
  prometheusCommunity: 'https://prometheus-community.github.io/helm-charts',
  grafana: 'https://grafana.github.io/helm-charts',
  jaeger: 'https://jaegertracing.github.io/helm-charts',
  openTelemetry: 'https://open-telemetry.github.io/opentelemetry-helm-charts',
  flagger: 'https://flagger.app',
} as const;

/** An add-on as a Helm chart at one version. */
export interface HelmChart {
  /** URL of the chart repository. */
  readonly repository: (typeof helmRepositories)[keyof typeof helmRepositories];
  readonly chart: string;
  /**
   * An exact version. To upgrade: read the upgrade notes, render the chart with these values (`helm template <add-on> <chart> -n <namespace>
   * -f …`), and update the names, ports and labels in test/charts/platform/add-ons.test.ts, which are those of this version.
   */
  readonly version: string;
  /** Namespace to install the chart into. */
  readonly namespace: string;
  /** Values of the chart for an environment. */
  readonly values: (environment: EnvironmentFile) => object;
}
