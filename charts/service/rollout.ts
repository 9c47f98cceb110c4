import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import type { RolloutPlan } from '../../lib/rollout';
import { syncOptions } from '../argocd/sync-options';
import { SyncWave } from '../argocd/sync-wave';
import { annotations } from '../flagger/annotations';
import { Canary } from '../flagger/canary';
import { StepWeights } from '../flagger/step-weights';
import { ThresholdRange } from '../flagger/threshold-range';
import { Webhook } from '../flagger/webhook';
import { HttpRoute } from '../gateway/http-route';
import { Percent } from '../values/percent';
import { serviceMetadata } from './metadata';
import { errorTemplateName, latencyTemplateName } from './metric-templates';
import { containerPorts } from './ports';

/**
 * The Canary by which Flagger releases the service. For weighted rollouts, Flagger creates the HTTPRoute. For blue-green (provider
 * `kubernetes`) it creates none, so the route from the Gateway to the service is rendered here: to the apex Service, which always selects the
 * primary. Its name differs from that of Flagger's route, because both exist for a while when the plan of a service changes.
 */
export function rollout(scope: Construct, service: ServiceInEnvironment, plan: RolloutPlan): void {
  const canary = newCanary(scope, service, plan);
  const window = Duration.seconds(plan.windowSeconds);
  canary.addMetric({
    name: 'error-percentage',
    template: errorTemplateName(service),
    range: ThresholdRange.max(Percent.ofFraction(service.objectives.errorRate).value),
    window,
  });
  canary.addMetric({
    name: 'p99',
    template: latencyTemplateName(service),
    range: ThresholdRange.max(service.objectives.p99Seconds),
    window,
  });
  addTrafficGenerator(canary, service, plan);
  addAgentWebhooks(canary, service);
  if (service.chat !== undefined) {
    canary.addAlert({ name: 'team', severity: 'error', provider: service.name });
  }
  if (plan.strategy === 'blue-green') {
    new HttpRoute(scope, 'Route', {
      metadata: serviceMetadata(service, SyncWave.rollout, {
        name: `${service.name}-public`,
        annotations: syncOptions.deleteLast,
      }),
      gateway: service.gateway,
      hostname: service.hostname,
      service: { name: service.name, port: service.port },
    });
  }
}

function newCanary(scope: Construct, service: ServiceInEnvironment, plan: RolloutPlan): Canary {
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
    appProtocol: service.protocol === 'h2c' ? 'kubernetes.io/h2c' : undefined,
    portDiscovery: containerPorts(service).length > 1 ? true : undefined,
    progressDeadline: Duration.seconds(plan.progressDeadlineSeconds),
    interval: Duration.seconds(plan.intervalSeconds),
    threshold: plan.threshold,
  };
  return plan.strategy === 'canary'
    ? Canary.gatewayApi(scope, 'Canary', { ...props, hostname, gateway, steps: StepWeights.of(...plan.steps) })
    : Canary.blueGreen(scope, 'Canary', { ...props, iterations: iterationsOf(plan) });
}

/** Iterations of a blue-green rollout, or the steps of a canary. */
function iterationsOf(plan: RolloutPlan): number {
  return plan.iterations ?? plan.steps.length;
}

/**
 * Generates requests to a release that gets no user traffic before it is promoted. Flagger calls `rollout` webhooks at every check; the load
 * tester ignores a command that is still running.
 */
function addTrafficGenerator(canary: Canary, service: ServiceInEnvironment, plan: RolloutPlan): void {
  const { syntheticRequestsPerSecond: rate = 0 } = plan;
  if (rate === 0) {
    return;
  }
  const workers = 2;
  const target = `http://${service.name}-canary.${service.namespace}:${service.port}${service.trafficPath}`;
  const seconds = plan.intervalSeconds * (iterationsOf(plan) + plan.threshold);
  canary.addWebhook(
    Webhook.rollout('generated-traffic', `${service.loadTester}/`, {
      type: 'cmd',
      cmd: `hey -z ${seconds}s -q ${Math.ceil(rate / workers)} -c ${workers} ${target}`,
    }),
  );
}

/** Lets the agent request a rollback while a rollback alert of this canary fires, and notifies it of the outcome of a rollout. */
function addAgentWebhooks(canary: Canary, { agent, agentUrl, name, environment }: ServiceInEnvironment): void {
  if (!agent) {
    return;
  }
  const metadata = { service: name, environment };
  canary.addWebhook(Webhook.rollback('alerts', `${agentUrl}/rollback`, metadata));
  canary.addWebhook(Webhook.postRollout('outcome', `${agentUrl}/outcomes`, metadata));
}
