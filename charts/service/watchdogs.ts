import { Duration } from 'cdk8s';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { assess, demandOf, type RolloutPlan } from '../../lib/rollout';
import { AlertingRule } from '../prometheus/alerting-rule';
import type { RuleGroup } from '../prometheus/prometheus-rule';
import { identity } from './rollback-rules';

/** What `flagger_canary_status` says (pkg/metrics/recorder.go): 0 runs, 2 failed, 1 everything else. */
const status = { running: 0, failed: 2 } as const;

/**
 * What Flagger itself tells nobody: a rollback by the deadline of pods sends no alert (fluxcd/flagger#1816), a rollout may hang without
 * failing a check (#1578), and a new revision may be overlooked after a failed one.
 */
export function watchdogs(service: ServiceInEnvironment, plan: RolloutPlan): RuleGroup {
  const canary = `flagger_canary_status{name="${service.name}",namespace="${service.namespace}"}`;
  const deployment = `kube_deployment_metadata_generation{deployment="${service.name}",namespace="${service.namespace}"}`;
  const minutes = stuckMinutes(service, plan);
  const rule = (alert: string, expr: string, duration: Duration | undefined, summary: string, description: string) =>
    AlertingRule.tickets({
      alert,
      expr,
      for: duration,
      labels: identity(service),
      annotations: { summary: `${service.name} in ${service.environment}: ${summary}`, description },
    });
  return {
    name: `${service.name}-watchdogs`,
    intervalSeconds: 15,
    rules: [
      rule(
        'ReleaseRolledBack',
        `${canary} == ${status.failed}`,
        undefined,
        'the release was taken back',
        `The version before serves all traffic, and git still names the bad one: bowline rollback ${service.name} --env ${service.environment} puts the good one there too. kubectl describe canary ${service.name} says which check failed.`,
      ),
      rule(
        'RolloutStuck',
        `${canary} == ${status.running}`,
        Duration.minutes(minutes),
        'the rollout neither goes on nor back',
        `It runs for ${minutes} minutes, three times as long as its plan takes. Flagger waits for something that fails no check: pods of the primary, or its HTTPRoute. kubectl describe canary ${service.name}.`,
      ),
      rule(
        'RevisionLost',
        `min_over_time(${canary}[5m]) == ${status.failed} and on() changes(${deployment}[5m]) > 0`,
        Duration.minutes(1),
        'a new version came, and no rollout began',
        `The rollout stands at Failed since before the change. If git was put back to the version that runs, all is well; otherwise Flagger has overlooked the new one, and the next change of the pod template wakes it.`,
      ),
    ],
  };
}

/** Three times what a healthy rollout takes at most, in whole minutes, ten at least. */
function stuckMinutes(service: ServiceInEnvironment, plan: RolloutPlan): number {
  return Math.max(10, Math.ceil((3 * assess(plan, demandOf(service)).promote.worst) / 60));
}
