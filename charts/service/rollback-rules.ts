import type { ServiceInEnvironment } from '../../lib/catalog';
import { percentileSamples, type RolloutPlan } from '../../lib/rollout';
import type { AlertingRule, RuleGroup } from '../prometheus/prometheus-rule';
import { errorPercentage, percentile99, type Selection } from '../queries/canary-queries';

/**
 * Rules over the canary alone: they fire at once, and Alertmanager hands them to the agent, whose hook takes the release back at the next
 * check. In all traffic together a canary of 5 % that fails every request would hide behind a twentieth.
 */
export function rollbackRules(service: ServiceInEnvironment, plan: RolloutPlan): RuleGroup {
  const { alert } = plan;
  const selection: Selection = {
    family: service.metrics,
    namespace: service.namespace,
    job: `${service.name}-canary`,
    window: `${alert.windowSeconds}s`,
  };
  const percent = round(service.objectives.errorRate * 100 * alert.limitFactor);
  const seconds = round(service.objectives.p99Seconds * alert.limitFactor);
  const rule = (name: string, expr: string, what: string): AlertingRule => ({
    alert: name,
    expr,
    labels: { ...identity(service), action: 'rollback', severity: 'info' },
    annotations: {
      summary: `The new version of ${service.name} in ${service.environment} ${what}`,
      description: `Over ${alert.windowSeconds} s, canary alone. One alert takes the release back, so it asks for ${alert.limitFactor} times the limit that a check asks for.`,
    },
  });
  return {
    name: `${service.name}-rollback`,
    intervalSeconds: alert.ruleEvaluationSeconds,
    rules: [
      rule(
        'CanaryErrors',
        `(${errorPercentage(selection)}) > ${percent}`,
        `fails more than ${percent} % of its requests`,
      ),
      rule(
        'CanarySlow',
        `(${percentile99(selection, percentileSamples)}) > ${seconds}`,
        `has a 99th percentile over ${seconds} s`,
      ),
    ],
  };
}

/** Labels by which alerts are routed, grouped and found again. */
export function identity(service: ServiceInEnvironment): Readonly<Record<string, string>> {
  return { service: service.name, environment: service.environment, team: service.team };
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}
