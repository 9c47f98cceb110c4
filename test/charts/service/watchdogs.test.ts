import { ruleGroups } from '../../../charts/service/alert-rules';
import { planOf } from '../../../lib/rollout';
import { serviceOf } from '../../ledger/fixtures';
import { promtool, type RuleCase, type Series } from '../promtool';

const alertNames = ['ReleaseRolledBack', 'PromotionFailed', 'RolloutStuck', 'RevisionLost', 'CanaryNotBegun'] as const;
type AlertName = (typeof alertNames)[number];

/** What Flagger and kube-state-metrics say of hello, a value every half minute. */
interface World {
  readonly status?: string;
  /** Percent for the canary. */
  readonly weight?: string;
  /** When ReplicaSets of the target were made, in seconds; each is there from then on. */
  readonly replicaSets?: readonly number[];
}

const half = 30;
/** Longer than any case. */
const long = 3200;

function seriesOf({ status, weight = `0x${long}`, replicaSets = [0] }: World): readonly Series[] {
  return [
    ...(status === undefined
      ? []
      : [
          { series: 'flagger_canary_status{name="hello",namespace="hello",pod="flagger-1"}', values: status },
          { series: 'flagger_canary_weight{workload="hello",namespace="hello",pod="flagger-1"}', values: weight },
        ]),
    { series: 'kube_deployment_created{deployment="hello",namespace="hello"}', values: `1x${long}` },
    ...replicaSets.flatMap((created, index) => {
      const before = created / half;
      const missing = before === 0 ? '' : `_x${before} `;
      const of = `namespace="hello",replicaset="hello-${index}"`;
      return [
        { series: `kube_replicaset_created{${of}}`, values: `${missing}${created}x${long}` },
        {
          series: `kube_replicaset_owner{${of},owner_kind="Deployment",owner_name="hello"}`,
          values: `${missing}1x${long}`,
        },
      ];
    }),
    // Another service in the same namespace.
    { series: 'kube_replicaset_created{namespace="hello",replicaset="other-1"}', values: `_x40 1200x${long}` },
    {
      series:
        'kube_replicaset_owner{namespace="hello",replicaset="other-1",owner_kind="Deployment",owner_name="other"}',
      values: `_x40 1x${long}`,
    },
  ];
}

function watched(plan: 'fast' | 'blue-green' = 'fast') {
  const service = serviceOf('hello', 'prod', { rollback: { budgetSeconds: 65, plan } });
  return ruleGroups(service, planOf(service)).objectives.filter(({ name }) => name === 'hello-watchdogs');
}

/** At each time, the alerts that fire; all others are silent. */
function tells(name: string, world: World, firing: Readonly<Record<string, readonly AlertName[]>>): RuleCase {
  return {
    name,
    intervalSeconds: half,
    series: seriesOf(world),
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
  tells(
    'a good release',
    { status: `1x4 0x6 1x${long}`, weight: `0x5 50x8 0x${long}`, replicaSets: [0, 120] },
    {
      '4m': [],
      '30m': [],
    },
  ),
  tells(
    'a release that is taken back, and nobody touches git',
    { status: `1x4 0x6 2x${long}`, weight: `0x5 5x5 0x${long}`, replicaSets: [0, 120] },
    { '4m': [], '6m': ['ReleaseRolledBack'], '60m': ['ReleaseRolledBack'], '20h': ['ReleaseRolledBack'], '25h': [] },
  ),
  tells(
    'a release that is taken back so soon that no scrape saw it run',
    { status: `1x5 2x${long}`, replicaSets: [0, 120] },
    { '4m': ['ReleaseRolledBack'], '12m': ['ReleaseRolledBack'] },
  ),
  // The Deployment takes up its old ReplicaSet: none is made.
  tells(
    'git put back after a rollback, then a good release',
    { status: `1x4 0x6 2x40 0x6 1x${long}`, replicaSets: [0, 120, 1530] },
    { '6m': ['ReleaseRolledBack'], '20m': ['ReleaseRolledBack'], '27m': [], '40m': [] },
  ),
  tells(
    'a rollout that hangs at a weight',
    { status: `0x${long}`, weight: `5x${long}`, replicaSets: [0] },
    { '5m': [], '15m': ['RolloutStuck'] },
  ),
  tells(
    'a promotion that hangs: Promoting is 1, as is success',
    { status: `1x4 0x6 1x${long}`, weight: `0x4 50x${long}`, replicaSets: [0, 120] },
    { '9m': [], '20m': ['RolloutStuck'] },
  ),
  tells(
    'a promotion that fails: traffic stays with the new version',
    { status: `1x4 0x6 1x4 2x${long}`, weight: `0x4 50x10 100x${long}`, replicaSets: [0, 120] },
    { '9m': ['PromotionFailed'], '60m': ['PromotionFailed'] },
  ),
  tells(
    'a new version that Flagger overlooks, while it stands at failed',
    { status: `2x${long}`, replicaSets: [0, 1800] },
    // Failed for longer than a day is nothing new.
    {
      '25m': ['ReleaseRolledBack'],
      '36m': ['ReleaseRolledBack', 'RevisionLost'],
      '70m': ['ReleaseRolledBack', 'RevisionLost'],
    },
  ),
  tells(
    'a new version that Flagger takes up, while it stood at failed',
    { status: `2x62 0x6 1x${long}`, replicaSets: [0, 1800] },
    { '36m': [], '60m': [] },
  ),
  tells('a Canary that Flagger never gets through', {}, { '5m': [], '15m': ['CanaryNotBegun'] }),
  tells('Flagger gone, and back', { status: `1x20 _x30 1x${long}` }, { '9m': [], '24m': [], '40m': [] }),
  tells('Flagger gone for good', { status: `1x20 stale` }, { '12m': [], '30m': ['CanaryNotBegun'] }),
])('$name', async (asked) => {
  expect(await promtool(watched(), [asked], half)).toBe('');
});

test('are rules that promtool takes without a word, and no text tells of a rollback where there was none', async () => {
  for (const plan of ['fast', 'blue-green'] as const) {
    expect(await promtool(watched(plan), [])).toBe('');
    const textOf = (alert: AlertName) =>
      watched(plan)
        .flatMap(({ rules }) => rules)
        .flatMap((rule) => ('alert' in rule && rule.alert === alert ? [rule.annotations.description] : []))
        .join();
    expect(textOf('ReleaseRolledBack')).toContain('Unless somebody or the agent has put it back into git already');
    expect(textOf('PromotionFailed')).not.toMatch(/taken back|version before serves all/);
    // The Service of a blue-green release is the primary's at all times.
    expect(textOf('PromotionFailed')).toContain(
      plan === 'fast' ? 'All traffic is with the new version' : 'pods of the version before go on serving',
    );
  }
});
