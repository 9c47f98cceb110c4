import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { percentileSamples, type RolloutPlan } from '../../lib/rollout';
import { annotations } from '../flagger/annotations';
import { Canary, type CanaryWebhook } from '../flagger/canary';
import { MetricTemplate } from '../flagger/metric-template';
import { HttpRoute } from '../gateway/http-route';
import { serviceLabels } from '../kubernetes/labels';
import { argocd } from '../kubernetes/manifest';
import { ServiceMonitor } from '../prometheus/service-monitor';
import { canarySelection, errorPercentage, percentile99 } from '../queries/canary-queries';

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

/**
 * The rollout itself. Weights go through an HTTPRoute of Flagger's. Blue-green (`kubernetes`) has none, so the way from the Gateway to the
 * service stands here: to the apex Service, which is the primary's at all times. Its name is another than that of Flagger's route, which
 * may still be there when a plan changes.
 */
export function rollout(scope: Construct, service: ServiceInEnvironment, plan: RolloutPlan): void {
  canary(scope, service, plan);
  if (plan.steps.length === 0) {
    new HttpRoute(scope, 'Route', {
      name: `${service.name}-public`,
      namespace: service.namespace,
      labels: serviceLabels(service),
      annotations: argocd.wave(1),
      gateway: service.gateway,
      hostname: service.hostname,
      service: { name: service.name, port: service.port },
    });
  }
}

function canary(scope: Construct, service: ServiceInEnvironment, plan: RolloutPlan): Canary {
  const percent = Number((service.objectives.errorRate * 100).toPrecision(6));
  return new Canary(scope, 'Canary', {
    name: service.name,
    namespace: service.namespace,
    labels: serviceLabels(service),
    annotations: {
      ...argocd.wave(1),
      ...argocd.confirmDeletion,
      [annotations.budget]: `${service.rollback.budgetSeconds}s`,
      [annotations.requestsPerSecond]: String(service.requestsPerSecond),
    },
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
    webhooks: [...generatedTraffic(service, plan), ...agentHooks(service)],
  });
}

/** Requests for a release that no user meets before it is promoted. Flagger runs `rollout` hooks at every check; the load tester does not start what still runs. */
function generatedTraffic(service: ServiceInEnvironment, plan: RolloutPlan): readonly CanaryWebhook[] {
  const { syntheticRequestsPerSecond: rate = 0 } = plan;
  if (rate === 0) {
    return [];
  }
  const workers = 2;
  const target = `http://${service.name}-canary.${service.namespace}:${service.port}${service.trafficPath}`;
  const seconds = plan.intervalSeconds * ((plan.iterations ?? plan.steps.length) + plan.threshold);
  return [
    {
      name: 'generated-traffic',
      type: 'rollout',
      url: `${service.loadTester}/`,
      metadata: { type: 'cmd', cmd: `hey -z ${seconds}s -q ${Math.ceil(rate / workers)} -c ${workers} ${target}` },
    },
  ];
}

/** The agent's part: it answers the rollback hook while an alert of this canary fires, and hears how a rollout ended. */
function agentHooks(service: ServiceInEnvironment): readonly CanaryWebhook[] {
  if (!service.agent) {
    return [];
  }
  const metadata = { service: service.name, environment: service.environment };
  return [
    { name: 'alerts', type: 'rollback', url: `${service.agentUrl}/rollback`, metadata },
    { name: 'outcome', type: 'post-rollout', url: `${service.agentUrl}/outcomes`, metadata },
  ];
}
