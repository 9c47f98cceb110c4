import { ruleGroups } from '../../../../charts/service/alerts/alert-rules';
import { planOf } from '../../../../lib/rollout';
import { serviceOf } from '../../../ledger/fixtures';
import { promtool, type RuleCase, type Series } from '../../promtool';

const alertNames = ['ReleaseRolledBack', 'PromotionFailed', 'RolloutStuck', 'RevisionLost', 'CanaryNotBegun'] as const;
type AlertName = (typeof alertNames)[number];

/** Series of Flagger and kube-state-metrics about hello, one value every half minute. */
interface ClusterState {
  readonly status?: string;
  /** Weight of the canary in percent. */
  readonly weight?: string;
  /** Creation times of the ReplicaSets of the target, in seconds. */
  readonly replicaSets?: readonly number[];
}

const stepSeconds = 30;
/** More steps than any case has. */
const manySteps = 3200;

function seriesOf({ status, weight = `0x${manySteps}`, replicaSets = [0] }: ClusterState): readonly Series[] {
  return [
    ...(status === undefined
      ? []
      : [
          { series: 'flagger_canary_status{name="hello",namespace="hello",pod="flagger-1"}', values: status },
          { series: 'flagger_canary_weight{workload="hello",namespace="hello",pod="flagger-1"}', values: weight },
        ]),
    { series: 'kube_deployment_created{deployment="hello",namespace="hello"}', values: `1x${manySteps}` },
    ...replicaSets.flatMap((created, index) => {
      const before = created / stepSeconds;
      const missing = before === 0 ? '' : `_x${before} `;
      const labels = `namespace="hello",replicaset="hello-${index}"`;
      return [
        { series: `kube_replicaset_created{${labels}}`, values: `${missing}${created}x${manySteps}` },
        {
          series: `kube_replicaset_owner{${labels},owner_kind="Deployment",owner_name="hello"}`,
          values: `${missing}1x${manySteps}`,
        },
      ];
    }),
    // Another service in the same namespace.
    { series: 'kube_replicaset_created{namespace="hello",replicaset="other-1"}', values: `_x40 1200x${manySteps}` },
    {
      series:
        'kube_replicaset_owner{namespace="hello",replicaset="other-1",owner_kind="Deployment",owner_name="other"}',
      values: `_x40 1x${manySteps}`,
    },
  ];
}

function watchdogGroups(plan: 'fast' | 'blue-green' = 'fast') {
  const service = serviceOf('hello', 'prod', { rollback: { budgetSeconds: 65, plan } });
  return ruleGroups(service, planOf(service)).objectives.filter(({ name }) => name === 'hello-watchdogs');
}

/** A case with the alerts that fire at each time. All others must not fire. */
function watchdogCase(
  name: string,
  state: ClusterState,
  firing: Readonly<Record<string, readonly AlertName[]>>,
): RuleCase {
  return {
    name,
    intervalSeconds: stepSeconds,
    series: seriesOf(state),
    alerts: Object.entries(firing).flatMap(([at, alerts]) =>
      alertNames.map((alert) => ({
        alert,
        at,
        fires: alerts.includes(alert),
        seriesLabels: {
          ...(alert === 'CanaryNotBegun' ? { deployment: 'hello' } : { name: 'hello' }),
          namespace: 'hello',
        },
      })),
    ),
  };
}

test.each([
  watchdogCase(
    'a good release',
    { status: `1x4 0x6 1x${manySteps}`, weight: `0x5 50x8 0x${manySteps}`, replicaSets: [0, 120] },
    {
      '4m': [],
      '30m': [],
    },
  ),
  watchdogCase(
    'a release that is rolled back, and git is not reverted',
    { status: `1x4 0x6 2x${manySteps}`, weight: `0x5 5x5 0x${manySteps}`, replicaSets: [0, 120] },
    { '4m': [], '6m': ['ReleaseRolledBack'], '60m': ['ReleaseRolledBack'], '20h': ['ReleaseRolledBack'], '25h': [] },
  ),
  watchdogCase(
    'a release that is rolled back before a scrape shows it running',
    { status: `1x5 2x${manySteps}`, replicaSets: [0, 120] },
    { '4m': ['ReleaseRolledBack'], '12m': ['ReleaseRolledBack'] },
  ),
  // The Deployment reuses its old ReplicaSet, so none is created.
  watchdogCase(
    'git is reverted after a rollback, then a good release',
    { status: `1x4 0x6 2x40 0x6 1x${manySteps}`, replicaSets: [0, 120, 1530] },
    { '6m': ['ReleaseRolledBack'], '20m': ['ReleaseRolledBack'], '27m': [], '40m': [] },
  ),
  watchdogCase(
    'a rollout that hangs at a weight',
    { status: `0x${manySteps}`, weight: `5x${manySteps}`, replicaSets: [0] },
    { '5m': [], '15m': ['RolloutStuck'] },
  ),
  watchdogCase(
    'a promotion that hangs (the status of Promoting is 1, like that of success)',
    { status: `1x4 0x6 1x${manySteps}`, weight: `0x4 50x${manySteps}`, replicaSets: [0, 120] },
    { '9m': [], '20m': ['RolloutStuck'] },
  ),
  watchdogCase(
    'a promotion that fails, so that traffic stays with the new version',
    { status: `1x4 0x6 1x4 2x${manySteps}`, weight: `0x4 50x10 100x${manySteps}`, replicaSets: [0, 120] },
    { '9m': ['PromotionFailed'], '60m': ['PromotionFailed'] },
  ),
  watchdogCase(
    'a new version that Flagger misses while its status is failed',
    { status: `2x${manySteps}`, replicaSets: [0, 1800] },
    {
      '25m': ['ReleaseRolledBack'],
      '36m': ['ReleaseRolledBack', 'RevisionLost'],
      '70m': ['ReleaseRolledBack', 'RevisionLost'],
    },
  ),
  watchdogCase(
    'a new version that Flagger picks up while its status is failed',
    { status: `2x62 0x6 1x${manySteps}`, replicaSets: [0, 1800] },
    { '36m': [], '60m': [] },
  ),
  watchdogCase('a Canary that never initializes', {}, { '5m': [], '15m': ['CanaryNotBegun'] }),
  watchdogCase('Flagger down for a while', { status: `1x20 _x30 1x${manySteps}` }, { '9m': [], '24m': [], '40m': [] }),
  watchdogCase('Flagger down for good', { status: `1x20 stale` }, { '12m': [], '30m': ['CanaryNotBegun'] }),
])('$name', async (ruleCase) => {
  expect(await promtool(watchdogGroups(), [ruleCase], stepSeconds)).toBe('');
});

test('pass promtool, and no text mentions a rollback that did not happen', async () => {
  for (const plan of ['fast', 'blue-green'] as const) {
    expect(await promtool(watchdogGroups(plan), [])).toBe('');
    const textOf = (alert: AlertName) =>
      watchdogGroups(plan)
        .flatMap(({ rules }) => rules)
        .flatMap((rule) => ('alert' in rule && rule.alert === alert ? [rule.annotations.description] : []))
        .join();
    expect(textOf('ReleaseRolledBack')).toContain('If the first entry is the failed release');
    expect(textOf('PromotionFailed')).not.toMatch(/rolled back|rolled the release back|previous version serves all/);
    // The Service of a blue-green release always selects the primary.
    expect(textOf('PromotionFailed')).toContain(
      plan === 'fast' ? 'All traffic goes to the new version' : 'pods of the previous version keep serving',
    );
  }
});
