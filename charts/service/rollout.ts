import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { percentileSamples, type RolloutPlan } from '../../lib/rollout';
import { syncOptions } from '../argocd/sync-options';
import { SyncWave } from '../argocd/sync-wave';
import { annotations } from '../flagger/annotations';
import { Canary } from '../flagger/canary';
import { MetricTemplate } from '../flagger/metric-template';
import { StepWeights } from '../flagger/step-weights';
import { ThresholdRange } from '../flagger/threshold-range';
import { Webhook } from '../flagger/webhook';
import { HttpRoute } from '../gateway/http-route';
import { serviceMetadata } from '../kubernetes/metadata';
import { ServiceMonitor } from '../prometheus/service-monitor';
import { canaryRequests, errorPercentage, percentile99 } from '../queries/canary-queries';
import { Percent } from '../values/percent';
import { scrapeSeconds } from './service-monitors';

const errorTemplate = (service: ServiceInEnvironment) => `${service.name}-error-percentage`;
const latencyTemplate = (service: ServiceInEnvironment) => `${service.name}-p99`;

/** What a release of the service is judged by: the share of failed requests, and the 99th percentile. */
export function metricTemplates(scope: Construct, service: ServiceInEnvironment): void {
  const requests = canaryRequests(service.metrics);
  const template = (id: string, name: string, query: string) =>
    MetricTemplate.prometheus(scope, id, {
      metadata: serviceMetadata(service, SyncWave.judges, { name }),
      address: service.prometheus,
      query,
    });
  template('Errors', errorTemplate(service), errorPercentage(requests));
  template('Latency', latencyTemplate(service), percentile99(requests, percentileSamples));
}

/** Scrapes canary and primary apart; the canary as often as the plan needs. The Services are Flagger's. */
export function serviceMonitors(scope: Construct, service: ServiceInEnvironment, plan: RolloutPlan): void {
  for (const [role, intervalSeconds] of Object.entries(scrapeSeconds(plan))) {
    const name = `${service.name}-${role}`;
    new ServiceMonitor(scope, `Monitor-${role}`, {
      metadata: serviceMetadata(service, SyncWave.judges, { name, labels: service.monitorLabels }),
      app: name,
      path: service.metricsPath,
      interval: Duration.seconds(intervalSeconds),
    });
  }
}

/**
 * The rollout itself. Weights go through an HTTPRoute of Flagger's. Blue-green (`kubernetes`) has none, so the way from the Gateway to the
 * service stands here: to the apex Service, which is the primary's at all times. Its name is another than that of Flagger's route, which
 * may still be there when a plan changes.
 */
export function rollout(scope: Construct, service: ServiceInEnvironment, plan: RolloutPlan): void {
  const canary = canaryOf(scope, service, plan);
  const window = Duration.seconds(plan.windowSeconds);
  canary.judgeBy({
    name: 'error-percentage',
    template: errorTemplate(service),
    range: ThresholdRange.max(Percent.ofFraction(service.objectives.errorRate).value),
    window,
  });
  canary.judgeBy({
    name: 'p99',
    template: latencyTemplate(service),
    range: ThresholdRange.max(service.objectives.p99Seconds),
    window,
  });
  generateTraffic(canary, service, plan);
  askAgent(canary, service);
  if (service.chat !== undefined) {
    canary.alert({ name: 'team', severity: 'error', provider: service.name });
  }
  if (plan.strategy === 'blue-green') {
    new HttpRoute(scope, 'Route', {
      metadata: serviceMetadata(service, SyncWave.rollout, { name: `${service.name}-public` }),
      gateway: service.gateway,
      hostname: service.hostname,
      service: { name: service.name, port: service.port },
    });
  }
}

function canaryOf(scope: Construct, service: ServiceInEnvironment, plan: RolloutPlan): Canary {
  const { port, hostname, gateway } = service;
  const props = {
    metadata: serviceMetadata(service, SyncWave.rollout, {
      annotations: {
        ...syncOptions.confirmDeletion,
        [annotations.budget]: `${service.rollback.budgetSeconds}s`,
        [annotations.requestsPerSecond]: String(service.requestsPerSecond),
      },
    }),
    port,
    progressDeadline: Duration.seconds(plan.progressDeadlineSeconds),
    interval: Duration.seconds(plan.intervalSeconds),
    threshold: plan.threshold,
  };
  return plan.strategy === 'canary'
    ? Canary.gatewayApi(scope, 'Canary', { ...props, hostname, gateway, steps: StepWeights.of(...plan.steps) })
    : Canary.blueGreen(scope, 'Canary', { ...props, iterations: checksOf(plan) });
}

/** Checks that a release passes before it is promoted. */
function checksOf(plan: RolloutPlan): number {
  return plan.iterations ?? plan.steps.length;
}

/** Requests for a release that no user meets before it is promoted. Flagger runs `rollout` hooks at every check; the load tester does not start what still runs. */
function generateTraffic(canary: Canary, service: ServiceInEnvironment, plan: RolloutPlan): void {
  const { syntheticRequestsPerSecond: rate = 0 } = plan;
  if (rate === 0) {
    return;
  }
  const workers = 2;
  const target = `http://${service.name}-canary.${service.namespace}:${service.port}${service.trafficPath}`;
  const seconds = plan.intervalSeconds * (checksOf(plan) + plan.threshold);
  canary.call(
    Webhook.rollout('generated-traffic', `${service.loadTester}/`, {
      type: 'cmd',
      cmd: `hey -z ${seconds}s -q ${Math.ceil(rate / workers)} -c ${workers} ${target}`,
    }),
  );
}

/** The agent's part: it answers the rollback hook while an alert of this canary fires, and hears how a rollout ended. */
function askAgent(canary: Canary, { agent, agentUrl, name, environment }: ServiceInEnvironment): void {
  if (!agent) {
    return;
  }
  const metadata = { service: name, environment };
  canary.call(Webhook.rollback('alerts', `${agentUrl}/rollback`, metadata));
  canary.call(Webhook.postRollout('outcome', `${agentUrl}/outcomes`, metadata));
}
