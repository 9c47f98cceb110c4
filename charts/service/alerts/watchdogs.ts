import { Duration } from 'cdk8s';
import type { ServiceInEnvironment } from '../../../lib/catalog';
import { assess, demandOf, type RolloutPlan } from '../../../lib/rollout';
import { AlertingRule } from '../../prometheus/alerting-rule';
import type { RuleGroup } from '../../prometheus/prometheus-rule';
import { alertLabels, bowlineCommand, undoPrimary } from './rollback-rules';

/**
 * Values of `flagger_canary_status` (pkg/metrics/recorder.go, SetStatus): 0 is running and 2 is failed. 1 is everything else, including Waiting,
 * Promoting and Finalising. The series does not exist before the first check of a Canary has completed.
 */
const status = { running: 0, other: 1, failed: 2 } as const;

/** An alert about a rollout. */
interface Watchdog {
  readonly alert: string;
  readonly expr: string;
  /** Minutes that the expression must hold. @default the alert fires at once */
  readonly forMinutes?: number;
  /** @default ticket */
  readonly severity?: 'page' | 'ticket';
  /** What happened; the name of the service and the environment are added. */
  readonly summary: string;
  readonly description: string;
}

/**
 * Alerts for what Flagger does not report itself: a rollback by the progress deadline sends no alert (fluxcd/flagger#1816), a rollout can hang
 * without a failed check (#1578), a promotion can fail without a rollback, Flagger can miss a new revision after a failed one, and a Canary
 * that never initializes has no status at all.
 * Series of kube-state-metrics: https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics/workload.
 */
export function watchdogs(service: ServiceInEnvironment, plan: RolloutPlan): RuleGroup {
  const { name, environment } = service;
  return {
    name: `${name}-watchdogs`,
    intervalSeconds: 15,
    rules: [
      releaseRolledBack(service),
      promotionFailed(service, plan),
      rolloutStuck(service, plan),
      revisionLost(service, plan),
      canaryNotBegun(service, plan),
    ].map(({ alert, expr, forMinutes, severity, summary, description }) =>
      AlertingRule[severity ?? 'ticket']({
        alert,
        expr,
        ...(forMinutes === undefined ? {} : { for: Duration.minutes(forMinutes) }),
        labels: alertLabels(service),
        annotations: { summary: `${name} in ${environment}: ${summary}`, description },
      }),
    ),
  };
}

function releaseRolledBack(service: ServiceInEnvironment): Watchdog {
  const { name, namespace, environment } = service;
  const failedYesterday = `max(flagger_canary_status{name="${name}",namespace="${namespace}"} offset 1d) == ${status.failed}`;
  return {
    alert: 'ReleaseRolledBack',
    // Flagger keeps the status Failed until the next success, even after git is reverted. One day is long enough for this alert.
    expr: `${canaryStatus(service)} == ${status.failed} unless on() (${hasCanaryWeight(service)}) unless on() (${failedYesterday})`,
    summary: 'Flagger rolled the release back',
    description: `The previous version serves all traffic again, so users are no longer affected. Git may still name the failed version: ${bowlineCommand('history', service)}. If the first entry is the failed release, run there: npx bowline rollback ${name} --env ${environment}. If the first entry is a rollback, git is already reverted. To see the failed check or the deadline, run: ${describeCanary(service)}. Flagger's status stays Failed until the next release succeeds; this alert ends after a day.`,
  };
}

/**
 * Flagger v1.44, pkg/controller/scheduler.go: after handleFailedPromotion, Flagger waits for the target to change. At a release, it rolls back if
 * the primary is not ready (all traffic to the primary, canary scaled to zero), and does not see the release as a change again. If the primary is
 * ready, the release starts with the weight that the canary has: all traffic. At a rollback to the last promoted version, it does nothing, so
 * the target serves that version. The phase Promoting makes Flagger repeat the end of the promotion: it moves the traffic if the primary is
 * ready, otherwise the promotion fails again and all traffic stays with the canary.
 */
function promotionFailed(service: ServiceInEnvironment, { strategy }: RolloutPlan): Watchdog {
  const { name, namespace } = service;
  const primary = `${name}-primary`;
  const traffic =
    strategy === 'canary'
      ? `All traffic goes to the new version, on the pods of the Deployment ${name}. Do not release before this is repaired: Flagger would send all traffic to ${primary} and stop the pods that serve users.`
      : 'The pods of the previous version keep serving users. Do not release before this is repaired: Flagger would fail the release without checking it.';
  const finish = `kubectl -n ${namespace} patch canary ${name} --subresource=status --type=merge -p '{"status": {"phase": "Promoting"}}'`;
  return {
    alert: 'PromotionFailed',
    expr: `${canaryStatus(service)} == ${status.failed} and on() (${hasCanaryWeight(service)})`,
    severity: 'page',
    summary: 'the promotion failed, and Flagger did not roll it back',
    description: `The new version passed its checks, but the pods of ${primary} did not become ready on the new version. ${traffic} Find out why the pods are not ready: kubectl -n ${namespace} describe pods -l app=${primary}. When they are ready, make Flagger finish the promotion: ${finish}. If the new version is the cause, go back: run ${undoPrimary(service)}; then, ${bowlineCommand('rollback', service)}; when the pods of ${primary} are ready, finish as above.`,
  };
}

function rolloutStuck(service: ServiceInEnvironment, plan: RolloutPlan): Watchdog {
  const minutes = stuckMinutes(service, plan);
  const canary = canaryStatus(service);
  const traffic =
    plan.strategy === 'canary'
      ? 'Traffic is frozen at the current weights: some users keep getting the new version.'
      : 'Users stay on the pods of the primary.';
  return {
    alert: 'RolloutStuck',
    expr: `${canary} == ${status.running} or (${canary} == ${status.other} and on() (${hasCanaryWeight(service)}))`,
    forMinutes: minutes,
    summary: 'the rollout is stuck',
    description: `The rollout has been running or promoting for ${minutes} minutes, more than three times as long as its plan takes. ${traffic} Flagger is waiting for pods of the canary or the primary, the HTTPRoute or a webhook; none of these counts as a failed check. To see which, run: ${describeCanary(service)}. If users are affected, ${bowlineCommand('rollback', service)}; the canary then runs the previous version. If the phase is Promoting, the primary has the new version too; also run: ${undoPrimary(service)}.`,
  };
}

function revisionLost(service: ServiceInEnvironment, plan: RolloutPlan): Watchdog {
  const { name, namespace } = service;
  return {
    alert: 'RevisionLost',
    expr: missedRevision(service),
    forMinutes: pickUpMinutes(plan),
    summary: 'Flagger missed a new version, and no rollout began',
    description: `A new version of the Deployment ${name} exists, but no rollout began: Flagger's status was already Failed when it appeared, and has not changed. Users keep the previous version. Make sure that the pods of the primary are ready, because Flagger misses a release while they are not: kubectl -n ${namespace} get pods -l app=${name}-primary. Then push a commit that changes the image, or change a setting; releasing the same commit changes nothing.`,
  };
}

function canaryNotBegun(service: ServiceInEnvironment, plan: RolloutPlan): Watchdog {
  const { name, namespace } = service;
  const minutes = stuckMinutes(service, plan);
  const deployment = `max by (deployment, namespace) (kube_deployment_created{deployment="${name}",namespace="${namespace}"})`;
  return {
    alert: 'CanaryNotBegun',
    expr: `${deployment} unless on() ${canaryStatus(service)}`,
    forMinutes: minutes,
    summary: 'Flagger reports no status for the Canary',
    description: `The Deployment ${name} exists, but Flagger has reported no status for the Canary for ${minutes} minutes. No release goes out, and a service that is new serves no users yet. Either no check completes (to see why, run: ${describeCanary(service)}), or Flagger does not run, or Prometheus does not scrape Flagger. Check them in this order.`,
  };
}

/** The command that shows status and events of the Canary. */
function describeCanary({ name, namespace }: ServiceInEnvironment): string {
  return `kubectl -n ${namespace} describe canary ${name}`;
}

/** The status of the Canary, as one of the values of {@link status}. */
function canaryStatus({ name, namespace }: ServiceInEnvironment): string {
  return `max by (name, namespace) (flagger_canary_status{name="${name}",namespace="${namespace}"})`;
}

/** True while Flagger sends traffic to the canary. */
function hasCanaryWeight({ name, namespace }: ServiceInEnvironment): string {
  return `max(flagger_canary_weight{workload="${name}",namespace="${namespace}"}) > 0`;
}

/** How far back to look for a revision that appeared while the status was failed. */
const lookBackSeconds = 3600;

/** Scrape interval of Flagger's metrics (its chart, podMonitor.interval). A shorter rollout may not show in them. */
const statusScrapeSeconds = 15;

/** Margin for a rollout too short to show in the status: without it, its revision would count as missed. */
const marginSeconds = 120;

/**
 * A ReplicaSet of the target that was created after the last time at which the status was anything but failed. A rollback to a version that ran
 * before creates none: the Deployment reuses its old ReplicaSet.
 */
function missedRevision(service: ServiceInEnvironment): string {
  const { name, namespace } = service;
  const canary = canaryStatus(service);
  const replicaSets = `kube_replicaset_owner{namespace="${namespace}",owner_kind="Deployment",owner_name="${name}"}`;
  const newest = `max(kube_replicaset_created{namespace="${namespace}"} and on (replicaset) ${replicaSets})`;
  const lastNotFailed = `(max(max_over_time(timestamp(${canary} != ${status.failed})[${lookBackSeconds}s:${statusScrapeSeconds}s])) or on() vector(0))`;
  return `${canary} == ${status.failed}
  and on() (${newest} > ${lastNotFailed} + ${marginSeconds})
  and on() (time() - ${newest} < ${lookBackSeconds})`;
}

/** How long Flagger may take to pick a revision up: two intervals, plus the time to scrape and evaluate its status. */
function pickUpMinutes({ intervalSeconds }: RolloutPlan): number {
  return Math.ceil((2 * intervalSeconds + 90) / 60);
}

/** Three times the longest time that a healthy rollout takes, in whole minutes, but at least ten. */
function stuckMinutes(service: ServiceInEnvironment, plan: RolloutPlan): number {
  return Math.max(10, Math.ceil((3 * assess(plan, demandOf(service)).promote.worst) / 60));
}
