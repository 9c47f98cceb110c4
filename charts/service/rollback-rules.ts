import type { ServiceInEnvironment } from '../../lib/catalog';
import { percentileSamples, type RolloutPlan, slowShareLimit } from '../../lib/rollout';
import { AlertingRule } from '../prometheus/alerting-rule';
import type { RuleGroup } from '../prometheus/prometheus-rule';
import { errorPercentage, requestsOf } from '../queries/canary-queries';
import { quantile, requestCount } from '../queries/requests';

/**
 * Rules over the canary alone: they fire at once, and Alertmanager hands them to the agent, whose hook takes the release back at the next
 * check. In all traffic together a canary of 5 % that fails every request would hide behind a twentieth.
 *
 * They are the rule that the plan counts on (`AlertRule` in lib/rollout): over its window, more than `limitFactor` times the share of bad
 * requests that a check allows, and never judged by fewer requests than a percentile needs. The slow share is asked for as a quantile:
 * more than 2 % slower than the limit is a 98th percentile over the limit, whatever the buckets.
 */
export function rollbackRules(service: ServiceInEnvironment, plan: RolloutPlan): RuleGroup {
  const { alert } = plan;
  const { metrics, namespace } = service;
  const requests = requestsOf(metrics, namespace, `${service.name}-canary`, `${alert.windowSeconds}s`);
  const failedPercent = round(Math.min(1, service.objectives.errorRate * alert.limitFactor) * 100);
  const slowShare = round(slowShareLimit * alert.limitFactor);
  const limit = service.objectives.p99Seconds;
  const enough = `${requestCount(requests)} >= ${percentileSamples}`;
  const rule = (name: string, expr: string, what: string) =>
    AlertingRule.rollsBack({
      alert: name,
      expr: `(${expr})\n  and on() (${enough})`,
      labels: identity(service),
      annotations: {
        summary: `The new version of ${service.name} in ${service.environment} ${what}`,
        description: `Over ${alert.windowSeconds} s, canary alone, at least ${percentileSamples} requests. One alert takes the release back, so it asks for ${alert.limitFactor} times what a check asks for.`,
      },
    });
  return {
    name: `${service.name}-rollback`,
    intervalSeconds: alert.ruleEvaluationSeconds,
    rules: [
      rule(
        'CanaryErrors',
        `${errorPercentage(requests)} > ${failedPercent}`,
        `fails more than ${failedPercent} % of its requests`,
      ),
      rule(
        'CanarySlow',
        `${quantile(requests, round(1 - slowShare))} > ${limit}`,
        `answers more than ${round(slowShare * 100)} % of its requests later than after ${round(limit * 1000)} ms`,
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
