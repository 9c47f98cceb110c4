import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { SyncWave } from '../argocd/sync-wave';
import { dashboardJson, type Panel } from '../grafana/dashboard';
import { serviceMetadata } from '../kubernetes/metadata';
import { ConfigMap } from '../kubernetes/tamed/config-map';
import { metricFamily } from '../queries/canary-queries';
import { errorRatio } from '../queries/objective-queries';
import { selectionOf } from './objective-rules';

/** The label by which Grafana's sidecar finds dashboards (kube-prometheus-stack's default). */
const found = { grafana_dashboard: '1' };

/** What somebody looks at during a release: canary against primary, weights, errors, latency with exemplars, budget. */
export function dashboard(scope: Construct, service: ServiceInEnvironment): ConfigMap {
  return new ConfigMap(scope, 'Dashboard', {
    metadata: serviceMetadata(service, SyncWave.views, { name: `${service.name}-dashboard`, labels: found }),
    data: {
      [`${service.environment}-${service.name}.json`]: dashboardJson({
        uid: `bowline-${service.environment}-${service.name}`.slice(0, 40),
        title: `${service.name} in ${service.environment}`,
        tags: ['bowline', service.team, service.environment],
        panels: panels(service),
        links: links(service),
      }),
    },
  });
}

function panels(service: ServiceInEnvironment): readonly Panel[] {
  const { objectives, namespace, name } = service;
  const budget = 1 - objectives.availability;
  return [
    {
      title: 'Traffic, canary against primary',
      description: 'Requests a second that each answers.',
      unit: 'reqps',
      queries: roles(service, rate),
    },
    {
      title: 'Weights',
      description: 'Percent of the traffic that Flagger sends to each.',
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
      queries: roles(service, errors),
    },
    {
      title: '99th percentile',
      description: `A canary over ${objectives.p99Seconds * 1000} ms is taken back. The dots are requests with their traces.`,
      unit: 's',
      limit: objectives.p99Seconds,
      queries: roles(service, latency).map((query) => ({ ...query, exemplars: true })),
    },
    {
      title: 'Error budget, how fast it goes',
      description: '1 is evenly over 30 days; 14.4 over an hour wakes somebody.',
      unit: 'short',
      limit: 14.4,
      queries: ['5m', '1h', '6h'].map((window) => ({
        legend: window,
        expr: `${errorRatio(selectionOf(service), window)} / ${Number(budget.toPrecision(6))}`,
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

function roles(service: ServiceInEnvironment, query: (service: ServiceInEnvironment, job: string) => string) {
  return ['primary', 'canary'].map((role) => ({ legend: role, expr: query(service, `${service.name}-${role}`) }));
}

function rate({ metrics, namespace }: ServiceInEnvironment, job: string): string {
  return `sum(rate(${metricFamily(metrics).requests}{namespace="${namespace}",job="${job}"}[30s]))`;
}

function errors({ metrics, namespace }: ServiceInEnvironment, job: string): string {
  const { requests, code } = metricFamily(metrics);
  const labels = `namespace="${namespace}",job="${job}"`;
  return `(sum(rate(${requests}{${labels},${code}=~"5.."}[30s])) or vector(0)) / clamp_min(sum(rate(${requests}{${labels}}[30s])), 1e-9)`;
}

function latency({ metrics, namespace }: ServiceInEnvironment, job: string): string {
  return `histogram_quantile(0.99, sum by (le) (rate(${metricFamily(metrics).duration}_bucket{namespace="${namespace}",job="${job}"}[30s])))`;
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
