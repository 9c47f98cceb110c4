import { Duration } from 'cdk8s';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { assess, demandOf, type RolloutPlan } from '../../lib/rollout';
import { AlertingRule } from '../prometheus/alerting-rule';
import type { RuleGroup } from '../prometheus/prometheus-rule';
import { identity } from './rollback-rules';

/**
 * What `flagger_canary_status` says (pkg/metrics/recorder.go, SetStatus): 0 runs, 2 failed, 1 everything else: also Waiting, Promoting and
 * Finalising. There is no such series before the first check of a Canary is through.
 */
const status = { running: 0, other: 1, failed: 2 } as const;

/**
 * What Flagger itself tells nobody: a rollback by the deadline of pods sends no alert (fluxcd/flagger#1816), a rollout may hang without
 * failing a check (#1578), a promotion may fail without going back, a new revision may be overlooked after a failed one, and a Canary that
 * never begins has no status at all.
 * Series of kube-state-metrics: https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics/workload.
 */
export function watchdogs(service: ServiceInEnvironment, plan: RolloutPlan): RuleGroup {
  const { name, namespace, environment } = service;
  const minutes = stuckMinutes(service, plan);
  const events = `kubectl -n ${namespace} describe canary ${name}`;
  const rule = (
    alert: string,
    expr: string,
    minutesFirst: number | undefined,
    summary: string,
    description: string,
    raises: 'pages' | 'tickets' = 'tickets',
  ) =>
    AlertingRule[raises]({
      alert,
      expr,
      ...(minutesFirst === undefined ? {} : { for: Duration.minutes(minutesFirst) }),
      labels: identity(service),
      annotations: { summary: `${name} in ${environment}: ${summary}`, description },
    });
  const canary = `max by (name, namespace) (flagger_canary_status{name="${name}",namespace="${namespace}"})`;
  const dayBefore = `max(flagger_canary_status{name="${name}",namespace="${namespace}"} offset 1d)`;
  const weighted = `max(flagger_canary_weight{workload="${name}",namespace="${namespace}"}) > 0`;
  const deployment = `max by (deployment, namespace) (kube_deployment_created{deployment="${name}",namespace="${namespace}"})`;
  return {
    name: `${name}-watchdogs`,
    intervalSeconds: 15,
    rules: [
      rule(
        'ReleaseRolledBack',
        // Flagger stays at Failed until the next success, also after git is put back: a day is enough to be told.
        `${canary} == ${status.failed} unless on() (${weighted}) unless on() (${dayBefore} == ${status.failed})`,
        undefined,
        'the release was taken back',
        `The version before serves all traffic. Unless somebody or the agent has put it back into git already, git names the bad one: bowline rollback ${name} --env ${environment}. Where git is right, nothing is left to do: Flagger says Failed until the next release succeeds, and this says so for a day at most. ${events} tells which check failed.`,
      ),
      rule(
        'PromotionFailed',
        `${canary} == ${status.failed} and on() (${weighted})`,
        undefined,
        'the promotion failed, and nothing was taken back',
        `The checks passed, but the primary does not get ready with the new version. ${
          plan.strategy === 'canary'
            ? `All traffic is with the new version, on the pods of the Deployment ${name}: whatever changes that Deployment now rolls the pods that serve.`
            : `Its pods of the version before go on serving.`
        } Flagger waits for a new release. Look at the primary's pods first (kubectl -n ${namespace} get pods -l app=${name}-primary), then at ${events}.`,
        'pages',
      ),
      rule(
        'RolloutStuck',
        `${canary} == ${status.running} or (${canary} == ${status.other} and on() (${weighted}))`,
        minutes,
        'the rollout neither goes on nor back',
        `It runs or promotes for ${minutes} minutes, longer than three times what its plan takes. Flagger waits for something that fails no check: pods of the primary, its HTTPRoute, or a hook. ${events}.`,
      ),
      rule(
        'RevisionLost',
        lostRevision(service, canary),
        patienceMinutes(plan),
        'a new version came, and no rollout began',
        `The rollout stands at Failed since before the new version of the Deployment was there: Flagger has overlooked it, and the next change of the pod template wakes it. (A version that ran before, as after bowline rollback, is not meant: that one needs no rollout.)`,
      ),
      rule(
        'CanaryNotBegun',
        `${deployment} unless on() ${canary}`,
        minutes,
        'Flagger does not see to it',
        `Its Deployment is there, and Flagger has no status of its Canary for ${minutes} minutes: either no check gets through (${events} says why), or Flagger is away, or Prometheus does not scrape it. No release goes out meanwhile.`,
      ),
    ],
  };
}

/** How far back a revision that came while the rollout stood at Failed is looked for. */
const lookBackSeconds = 3600;

/** Flagger's metrics are scraped so often (its chart, podMonitor.interval): a rollout that is over sooner may never show. */
const statusScrapeSeconds = 15;

/** Status is scraped now and then: a short rollout may not show in it, and then the revision seems that much younger. */
const marginSeconds = 120;

/**
 * A ReplicaSet of the target that was made after the last time at which the status was anything but failed. Going back to a version that ran
 * before makes none: the Deployment takes its ReplicaSet up again.
 */
function lostRevision({ name, namespace }: ServiceInEnvironment, canary: string): string {
  const own = `kube_replicaset_owner{namespace="${namespace}",owner_kind="Deployment",owner_name="${name}"}`;
  const newest = `max(kube_replicaset_created{namespace="${namespace}"} and on (replicaset) ${own})`;
  const lastGood = `(max(max_over_time(timestamp(${canary} != ${status.failed})[${lookBackSeconds}s:${statusScrapeSeconds}s])) or on() vector(0))`;
  return `${canary} == ${status.failed}
  and on() (${newest} > ${lastGood} + ${marginSeconds})
  and on() (time() - ${newest} < ${lookBackSeconds})`;
}

/** Flagger looks once an interval, and its answer is scraped and judged. */
function patienceMinutes({ intervalSeconds }: RolloutPlan): number {
  return Math.ceil((2 * intervalSeconds + 90) / 60);
}

/** Three times what a healthy rollout takes at most, in whole minutes, ten at least. */
function stuckMinutes(service: ServiceInEnvironment, plan: RolloutPlan): number {
  return Math.max(10, Math.ceil((3 * assess(plan, demandOf(service)).promote.worst) / 60));
}
