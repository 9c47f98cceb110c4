import { createHash } from 'node:crypto';
import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import type { RolloutPlan } from '../../lib/rollout';
import { SyncWave } from '../argocd/sync-wave';
import { dashboardJson, type Panel } from '../grafana/dashboard';
import { ConfigMap } from '../kubernetes/hardened/config-map';
import { requestsOf } from '../queries/canary-queries';
import { serviceRequests } from '../queries/objective-queries';
import { errorRatio, quantileWithSamples, type Requests, requestRate } from '../queries/requests';
import { selectServiceRequests } from './alerts/objective-rules';
import { serviceMetadata } from './metadata';
import { scrapeSeconds } from './service-monitors';

/** The label by which the sidecar of Grafana finds dashboards (default of kube-prometheus-stack). */
const sidecarLabels = { grafana_dashboard: '1' };

/** The Grafana dashboard for a release: canary and primary compared, weights, errors, latency with exemplars, error budget. */
export function dashboard(scope: Construct, service: ServiceInEnvironment, plan: RolloutPlan): ConfigMap {
  return new ConfigMap(scope, 'Dashboard', {
    metadata: serviceMetadata(service, SyncWave.dashboards, {
      name: `${service.name}-dashboard`,
      labels: sidecarLabels,
    }),
    data: {
      [`${service.environment}-${service.name}.json`]: dashboardJson({
        uid: uidOf(service),
        title: `${service.name} in ${service.environment}`,
        tags: ['bowline', service.team, service.environment],
        panels: panels(service, plan),
        links: links(service),
      }),
    },
  });
}

/** A unique id of at most 40 characters, the limit of Grafana. The readable part may be truncated; the hash keeps ids apart. */
function uidOf({ environment, name }: ServiceInEnvironment): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([environment, name]))
    .digest('hex')
    .slice(0, 8);
  return `${`bowline-${environment}-${name}`.slice(0, 31)}-${hash}`;
}

function panels(service: ServiceInEnvironment, plan: RolloutPlan): readonly Panel[] {
  const { objectives, namespace, name, metrics } = service;
  const budget = 1 - objectives.availability;
  const scrapes = scrapeSeconds(plan);
  // The same window for both, so that they are comparable: four scrapes of the role that is scraped less often.
  const window = `${4 * Math.max(scrapes.canary, scrapes.primary)}s`;
  const queriesByRole = (query: (requests: Requests) => string) =>
    (['primary', 'canary'] as const).map((role) => ({
      legend: role,
      expr: query(requestsOf({ metrics, namespace, job: `${name}-${role}`, window })),
    }));
  return [
    {
      title: 'Traffic',
      description: 'Requests per second to primary and canary.',
      unit: 'reqps',
      queries: queriesByRole(requestRate),
    },
    {
      title: 'Weights',
      description:
        plan.strategy === 'canary'
          ? 'Percentage of the traffic that Flagger sends to primary and canary.'
          : 'Blue-green sends users to the primary only. A canary weight of 100 means that the checks of the canary are running.',
      unit: 'percent',
      queries: [
        { legend: 'primary', expr: `flagger_canary_weight{workload="${name}-primary",namespace="${namespace}"}` },
        { legend: 'canary', expr: `flagger_canary_weight{workload="${name}",namespace="${namespace}"}` },
      ],
    },
    {
      title: 'Errors',
      description: `Share of failed requests. Flagger rolls back a canary over ${Number((objectives.errorRate * 100).toPrecision(4))} %.`,
      unit: 'percentunit',
      limit: objectives.errorRate,
      queries: queriesByRole(errorRatio),
    },
    {
      title: 'Latency, 99th percentile',
      description: `Flagger rolls back a canary over ${objectives.p99Seconds * 1000} ms. Each dot is a request; open it to see its trace.`,
      unit: 's',
      limit: objectives.p99Seconds,
      queries: queriesByRole((requests) => quantileWithSamples(requests, 0.99, 1)).map((query) => ({
        ...query,
        exemplars: true,
      })),
    },
    {
      title: 'Error budget burn rate',
      description: 'At 1, the budget lasts exactly 30 days. At 14.4 over an hour, an alert pages the on-call engineer.',
      unit: 'short',
      limit: 14.4,
      queries: ['5m', '1h', '6h'].map((window) => ({
        legend: window,
        expr: `${errorRatio(serviceRequests(selectServiceRequests(service), window))} / ${Number(budget.toPrecision(6))}`,
      })),
    },
    {
      title: 'Rollout',
      description: 'Status of the Canary: 0 is running, 1 is idle, waiting or promoting, 2 is failed.',
      unit: 'short',
      queries: [{ legend: 'status', expr: `flagger_canary_status{name="${name}",namespace="${namespace}"}` }],
    },
  ];
}

/** Links to the logs and traces of the service, if the catalog names a Grafana. */
function links({ dashboards, namespace, name }: ServiceInEnvironment) {
  if (dashboards === undefined) {
    return [];
  }
  const exploreUrl = (datasource: string, query: object) => {
    const state = { datasource, queries: [{ refId: 'A', ...query }], range: { from: 'now-30m', to: 'now' } };
    return `${dashboards.replace(/\/$/, '')}/explore?left=${encodeURIComponent(JSON.stringify(state))}`;
  };
  // Labels that Loki derives from the collector's attributes. The container has the same name in primary and canary.
  const logs = `{k8s_namespace_name="${namespace}", k8s_container_name="${name}"} | json`;
  return [
    { title: 'Logs', url: exploreUrl('loki', { expr: logs }) },
    { title: 'Failed requests in the logs', url: exploreUrl('loki', { expr: `${logs} | level="ERROR"` }) },
    { title: 'Traces', url: exploreUrl('jaeger', { queryType: 'search', service: name }) },
  ];
}
