import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import type { RolloutPlan } from '../../lib/rollout';
import { Canary } from '../flagger/canary';
import { MetricTemplate } from '../flagger/metric-template';
import { serviceLabels } from '../kubernetes/labels';
import { argocd } from '../kubernetes/manifest';
import { ServiceMonitor } from '../prometheus/service-monitor';
import { canarySelection, errorPercentage, percentile99, percentileSamples } from '../queries/canary-queries';

const errorTemplate = (service: ServiceInEnvironment) => `${service.name}-error-percentage`;
const latencyTemplate = (service: ServiceInEnvironment) => `${service.name}-p99`;

/** What a release of the service is judged by: the share of failed requests, and the 99th percentile. */
export function metricTemplates(scope: Construct, service: ServiceInEnvironment): void {
  const selection = canarySelection(service.metrics);
  const common = {
    namespace: service.namespace,
    labels: serviceLabels(service),
    annotations: argocd.wave(-1),
    prometheus: service.prometheus,
  };
  new MetricTemplate(scope, 'Errors', { ...common, name: errorTemplate(service), query: errorPercentage(selection) });
  new MetricTemplate(scope, 'Latency', {
    ...common,
    name: latencyTemplate(service),
    query: percentile99(selection, percentileSamples),
  });
}

/** Scrapes canary and primary apart; the canary as often as the plan needs. The Services are Flagger's. */
export function serviceMonitors(scope: Construct, service: ServiceInEnvironment, plan: RolloutPlan): void {
  for (const [role, intervalSeconds] of [
    ['canary', plan.scrapeSeconds],
    ['primary', Math.max(plan.scrapeSeconds, 15)],
  ] as const) {
    new ServiceMonitor(scope, `Monitor-${role}`, {
      name: `${service.name}-${role}`,
      namespace: service.namespace,
      labels: { ...serviceLabels(service), ...service.monitorLabels },
      annotations: argocd.wave(-1),
      app: `${service.name}-${role}`,
      path: service.metricsPath,
      intervalSeconds,
    });
  }
}

/** The rollout itself. */
export function canary(scope: Construct, service: ServiceInEnvironment, plan: RolloutPlan): Canary {
  const percent = Number((service.objectives.errorRate * 100).toPrecision(6));
  return new Canary(scope, 'Canary', {
    name: service.name,
    namespace: service.namespace,
    labels: serviceLabels(service),
    annotations: { ...argocd.wave(1), ...argocd.confirmDeletion },
    port: service.port,
    hostname: service.hostname,
    gateway: service.gateway,
    progressDeadlineSeconds: plan.progressDeadlineSeconds,
    intervalSeconds: plan.intervalSeconds,
    threshold: plan.threshold,
    steps: plan.steps,
    ...(plan.iterations === undefined ? {} : { iterations: plan.iterations }),
    metrics: [
      { name: 'error-percentage', template: errorTemplate(service), max: percent, windowSeconds: plan.windowSeconds },
      {
        name: 'p99',
        template: latencyTemplate(service),
        max: service.objectives.p99Seconds,
        windowSeconds: plan.windowSeconds,
      },
    ],
  });
}
