import { createHash } from 'node:crypto';
import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import type { RolloutPlan } from '../../lib/rollout';
import { SyncWave } from '../argocd/sync-wave';
import { dashboardJson, type Panel } from '../grafana/dashboard';
import { ConfigMap } from '../kubernetes/hardened/config-map';
import { serviceMetadata } from '../kubernetes/metadata';
import { requestsOf } from '../queries/canary-queries';
import { serviceRequests } from '../queries/objective-queries';
import { errorRatio, quantileOf, type Requests, requestRate } from '../queries/requests';
import { selectionOf } from './objective-rules';
import { scrapeSeconds } from './service-monitors';

/** The label by which Grafana's sidecar finds dashboards (kube-prometheus-stack's default). */
const found = { grafana_dashboard: '1' };

/** What somebody looks at during a release: canary against primary, weights, errors, latency with exemplars, budget. */
export function dashboard(scope: Construct, service: ServiceInEnvironment, plan: RolloutPlan): ConfigMap {
  return new ConfigMap(scope, 'Dashboard', {
    metadata: serviceMetadata(service, SyncWave.views, { name: `${service.name}-dashboard`, labels: found }),
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

/** Grafana takes 40 characters. What is readable of it may be another dashboard's too; the hash is not. */
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
  // One window for both, so that like is held against like; four scrapes of the one that is scraped less often.
  const window = `${4 * Math.max(scrapes.canary, scrapes.primary)}s`;
  const roles = (query: (requests: Requests) => string) =>
    (['primary', 'canary'] as const).map((role) => ({
      legend: role,
      expr: query(requestsOf(metrics, namespace, `${name}-${role}`, window)),
    }));
  return [
    {
      title: 'Traffic, canary against primary',
      description: 'Requests a second that each answers.',
      unit: 'reqps',
      queries: roles(requestRate),
    },
    {
      title: 'Weights',
      description:
        plan.strategy === 'canary'
          ? 'Percent of the traffic that Flagger sends to each.'
          : 'Who is judged: blue-green sends users to the primary alone; 100 for the canary means that its checks run.',
      unit: 'percent',
      queries: [
        { legend: 'primary', expr: `flagger_canary_weight{workload="${name}-primary",namespace="${namespace}"}` },
        { legend: 'canary', expr: `flagger_canary_weight{workload="${name}",namespace="${namespace}"}` },
      ],
    },
    {
      title: 'Errors',
      description: `Share of failed requests; a canary over ${Number((objectives.errorRate * 100).toPrecision(4))} % is taken back.`,
      unit: 'percentunit',
      limit: objectives.errorRate,
      queries: roles(errorRatio),
    },
    {
      title: '99th percentile',
      description: `A canary over ${objectives.p99Seconds * 1000} ms is taken back. The dots are requests with their traces.`,
      unit: 's',
      limit: objectives.p99Seconds,
      queries: roles((requests) => quantileOf(requests, 0.99, 1)).map((query) => ({ ...query, exemplars: true })),
    },
    {
      title: 'Error budget, how fast it goes',
      description: '1 is evenly over 30 days; 14.4 over an hour wakes somebody.',
      unit: 'short',
      limit: 14.4,
      queries: ['5m', '1h', '6h'].map((window) => ({
        legend: window,
        expr: `${errorRatio(serviceRequests(selectionOf(service), window))} / ${Number(budget.toPrecision(6))}`,
      })),
    },
    {
      title: 'Rollout',
      description: '0 runs, 1 stands, 2 was taken back.',
      unit: 'short',
      queries: [{ legend: 'status', expr: `flagger_canary_status{name="${name}",namespace="${namespace}"}` }],
    },
  ];
}

/** From a bad figure to the log line and to the trace. */
function links({ dashboards, namespace, name }: ServiceInEnvironment) {
  if (dashboards === undefined) {
    return [];
  }
  const explore = (datasource: string, query: object) => {
    const state = { datasource, queries: [{ refId: 'A', ...query }], range: { from: 'now-30m', to: 'now' } };
    return `${dashboards.replace(/\/$/, '')}/explore?left=${encodeURIComponent(JSON.stringify(state))}`;
  };
  // The labels that Loki makes of what the collector says; the container has one name in primary and canary.
  const logs = `{k8s_namespace_name="${namespace}", k8s_container_name="${name}"} | json`;
  return [
    { title: 'Logs', url: explore('loki', { expr: logs }) },
    { title: 'Failed requests in the logs', url: explore('loki', { expr: `${logs} | level="ERROR"` }) },
    { title: 'Traces', url: explore('jaeger', { queryType: 'search', service: name }) },
  ];
}
