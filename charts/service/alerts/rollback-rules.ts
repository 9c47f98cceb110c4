import type { ServiceInEnvironment } from '../../../lib/catalog';
import { percentileSamples, type RolloutPlan, slowShareLimit } from '../../../lib/rollout';
import { AlertingRule } from '../../prometheus/alerting-rule';
import type { RuleGroup } from '../../prometheus/prometheus-rule';
import { errorPercentage, requestsOf } from '../../queries/canary-queries';
import { quantile, requestCount, timedRequestCount } from '../../queries/requests';

interface RollbackRule {
  readonly alert: string;
  readonly expr: string;
  /** The number of requests that the expression is about. */
  readonly count: string;
  readonly problem: string;
  readonly effect: string;
}

/**
 * Rules that roll a release back. They fire at once, Alertmanager sends them to the agent, and its rollback hook makes Flagger roll back at
 * its next check. They measure the canary alone: in the traffic of the whole service, a canary with a weight of 5 % that fails every request
 * would raise the error ratio to 5 % only.
 *
 * They implement the alert that the rollout plan computes with (`AlertRule` in lib/rollout): over the alert window, more than `limitFactor`
 * times the share of bad requests that a check allows, because a single alert is enough to roll back, and only if there are as many requests as
 * a percentile needs. The slow share is queried as a quantile: "more than 2 % are slower than the limit" is "the 98th percentile is over the limit", whatever the histogram buckets are.
 */
export function rollbackRules(service: ServiceInEnvironment, plan: RolloutPlan): RuleGroup {
  const { name, environment, metrics, namespace, objectives, agent } = service;
  const { windowSeconds, limitFactor, ruleEvaluationSeconds } = plan.alert;
  const requests = requestsOf({ metrics, namespace, job: `${name}-canary`, window: `${windowSeconds}s` });
  const failedPercent = round(Math.min(1, objectives.errorRate * limitFactor) * 100);
  const slowShare = round(slowShareLimit * limitFactor);
  const limitSeconds = objectives.p99Seconds;
  const rollback = agent
    ? 'Flagger rolls the release back at its next check.'
    : 'This service has no agent, so failed checks roll the release back, not this alert.';
  const rule = ({ alert, expr, count, problem, effect }: RollbackRule) =>
    AlertingRule.rollback({
      alert,
      expr: `(${expr})\n  and on() ${count} >= ${percentileSamples}`,
      labels: alertLabels(service),
      annotations: {
        summary: `${name} in ${environment}: ${problem}`,
        description: `Measured on the canary alone, over the last ${windowSeconds} s and at least ${percentileSamples} requests. ${effect} ${rollback} Find the cause in the logs and traces of the canary before you release again.`,
      },
    });
  return {
    name: `${name}-rollback`,
    intervalSeconds: ruleEvaluationSeconds,
    rules: [
      rule({
        alert: 'CanaryErrors',
        expr: `${errorPercentage(requests)} > ${failedPercent}`,
        count: requestCount(requests),
        problem: `the new version fails more than ${failedPercent} % of its requests`,
        effect: 'Users whose requests reach the new version see errors.',
      }),
      rule({
        alert: 'CanarySlow',
        expr: `${quantile(requests, round(1 - slowShare))} > ${limitSeconds}`,
        count: timedRequestCount(requests),
        problem: `the new version takes longer than ${round(limitSeconds * 1000)} ms for more than ${round(slowShare * 100)} % of its requests`,
        effect: 'Users whose requests reach the new version wait too long.',
      }),
    ],
  };
}

/** Labels by which alerts of a service are routed, grouped and found. */
export function alertLabels(service: ServiceInEnvironment): Readonly<Record<string, string>> {
  return { service: service.name, environment: service.environment, team: service.team };
}

/** What to run to roll a release back in git, or to list the releases: `bowline` finds the catalog and the ledger from the platform repository. */
export function bowlineCommand(command: 'rollback' | 'history', { name, environment }: ServiceInEnvironment): string {
  return `in a checkout of the platform repository, run: npx bowline ${command} ${name} --env ${environment}`;
}

/** The command that gives the primary its previous version back. Flagger does not undo that: it writes the primary at a promotion only. */
export function undoPrimary({ name, namespace }: ServiceInEnvironment): string {
  return `kubectl -n ${namespace} rollout undo deployment ${name}-primary`;
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}
