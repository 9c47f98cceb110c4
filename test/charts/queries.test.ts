import {
  errorPercentage,
  type MetricFamilyName,
  metricFamily,
  percentile99,
} from '../../charts/queries/canary-queries';
import { ruleGroups } from '../../charts/service/alert-rules';
import { type PresetName, percentileSamples, planOf, presets } from '../../lib/rollout';
import { serviceOf } from '../ledger/fixtures';
import { promtool, type RuleCase, type Series } from './promtool';

/** What the canary of hello shows in five situations: requests a second by code, and how many of them are slower than the limit. */
interface Situation {
  readonly name: string;
  readonly up?: 0 | 1;
  readonly ok?: number;
  readonly failed?: number;
  readonly slow?: number;
  readonly idle?: boolean;
}

const situations = {
  healthy: { name: 'healthy, and no 5xx was ever counted', up: 1, ok: 100 },
  slow: { name: 'slow', up: 1, ok: 100, slow: 20 },
  idle: { name: 'idle', up: 1, ok: 0, idle: true },
  gone: { name: 'target gone', up: 0 },
  failing: { name: 'every request fails', up: 1, failed: 100 },
} satisfies Record<string, Situation>;

const labels = (extra: string) => `{namespace="hello",job="hello-canary"${extra}}`;

/** Counters of a client library: cumulative, all buckets, one sample every scrape. */
function seriesOf(family: MetricFamilyName, scrapeSeconds: number, situation: Situation): readonly Series[] {
  const { requests, duration, code } = metricFamily(family);
  const { up, ok, failed, slow = 0 } = situation;
  if (up === undefined || up === 0) {
    return [{ series: `up${labels('')}`, values: '0x100' }];
  }
  const total = (ok ?? 0) + (failed ?? 0);
  const rising = (perSecond: number) => (situation.idle ? '7x100' : `0+${perSecond * scrapeSeconds}x100`);
  const bySamples = (name: string, extra: string, perSecond: number) => ({
    series: `${name}${labels(extra)}`,
    values: rising(perSecond),
  });
  const histogram = [
    bySamples(`${duration}_bucket`, ',le="0.5"', total - slow),
    bySamples(`${duration}_bucket`, ',le="1.0"', total),
    bySamples(`${duration}_bucket`, ',le="+Inf"', total),
  ];
  const status = (value: string, perSecond: number) => bySamples(requests, `,${code}="${value}"`, perSecond);
  const counted = [
    ...(ok === undefined ? [] : [status('200', ok)]),
    ...(failed === undefined ? [] : [status('500', failed)]),
  ];
  const count = family === 'client_golang' ? [bySamples(`${duration}_count`, '', total)] : [];
  return [{ series: `up${labels('')}`, values: '1x100' }, ...counted, ...histogram, ...count];
}

const expected: Readonly<
  Record<keyof typeof situations, { readonly errors: readonly number[]; readonly p99: readonly number[] }>
> = {
  healthy: { errors: [0], p99: [0.495] },
  slow: { errors: [0], p99: [0.975] },
  idle: { errors: [0], p99: [0] },
  gone: { errors: [], p99: [] },
  failing: { errors: [100], p99: [0.495] },
};

describe.each(Object.keys(presets) as PresetName[])('the queries of the plan %s', (name) => {
  const plan = presets[name];
  const at = `${plan.windowSeconds * 3}s`;

  test.each(['client_golang', 'opentelemetry'] as const)(
    'mean what they should in five situations, with metrics of %s',
    async (family) => {
      const selection = { family, namespace: 'hello', job: 'hello-canary', window: `${plan.windowSeconds}s` };
      const cases = Object.entries(situations).map(([situation, given]): RuleCase => {
        const { errors, p99 } = expected[situation as keyof typeof situations];
        return {
          name: given.name,
          intervalSeconds: plan.scrapeSeconds,
          series: seriesOf(family, plan.scrapeSeconds, given),
          expressions: [
            { expr: errorPercentage(selection), at, values: errors },
            { expr: percentile99(selection, percentileSamples), at, values: p99 },
          ],
        };
      });
      expect(await promtool([], cases)).toBe('');
    },
  );

  test.each(['client_golang', 'opentelemetry'] as const)(
    'have rules that fire for what is bad and for nothing else, with metrics of %s',
    async (metrics) => {
      const service = serviceOf('hello', 'prod', { metrics, rollback: { budgetSeconds: 300, plan: name } });
      const { rollback } = ruleGroups(service, planOf(service));
      const fires = { healthy: [], slow: ['CanarySlow'], idle: [], gone: [], failing: ['CanaryErrors'] } as Record<
        string,
        string[]
      >;
      const cases = [
        ...Object.entries(situations).map(
          ([situation, given]): RuleCase => ({
            name: given.name,
            intervalSeconds: plan.scrapeSeconds,
            series: seriesOf(metrics, plan.scrapeSeconds, given),
            alerts: ['CanaryErrors', 'CanarySlow'].map((alert) => ({
              alert,
              at: '120s',
              fires: (fires[situation] ?? []).includes(alert),
            })),
          }),
        ),
      ];
      expect(await promtool(rollback, cases)).toBe('');
    },
  );
});

describe('the rule behind the hook', () => {
  const service = serviceOf('hello', 'prod', { agent: true });
  const plan = planOf(service);
  const { rollback } = ruleGroups(service, plan);
  const fires = (given: Situation) => ({
    of: (...expectedAlerts: readonly string[]) =>
      promtool(rollback, [
        {
          name: given.name,
          intervalSeconds: plan.scrapeSeconds,
          series: seriesOf('client_golang', plan.scrapeSeconds, given),
          alerts: ['CanaryErrors', 'CanarySlow'].map((alert) => ({
            alert,
            at: '120s',
            fires: expectedAlerts.includes(alert),
          })),
        },
      ]),
  });

  test.each<{ readonly situation: Situation; readonly alerts: readonly string[] }>([
    { situation: { name: '1.5 % slow, which a check takes for too much', up: 1, ok: 200, slow: 3 }, alerts: [] },
    { situation: { name: '2.5 % slow', up: 1, ok: 200, slow: 5 }, alerts: ['CanarySlow'] },
    { situation: { name: 'everything slow', up: 1, ok: 200, slow: 200 }, alerts: ['CanarySlow'] },
    { situation: { name: '1.5 % failed', up: 1, ok: 197, failed: 3 }, alerts: [] },
    { situation: { name: '2.5 % failed', up: 1, ok: 195, failed: 5 }, alerts: ['CanaryErrors'] },
    { situation: { name: 'few requests, all failed', up: 1, failed: 4 }, alerts: [] },
    { situation: { name: 'few requests, all slow', up: 1, ok: 4, slow: 4 }, alerts: [] },
    {
      situation: { name: 'just enough requests, all failed and slow', up: 1, failed: 6, slow: 6 },
      alerts: ['CanaryErrors', 'CanarySlow'],
    },
  ])('means what the plan counts on: $situation.name', async ({ situation, alerts }) => {
    expect(await fires(situation).of(...alerts)).toBe('');
  });
});

describe('with few requests', () => {
  const plan = presets.fast;
  const selection = { family: 'client_golang', namespace: 'hello', job: 'hello-canary', window: '20s' } as const;

  test('the p99 judges nothing, so that one slow request is no reason to go back', async () => {
    const few = seriesOf('client_golang', plan.scrapeSeconds, { name: 'few', up: 1, ok: 2, slow: 1 });
    expect(
      await promtool(
        [],
        [
          {
            name: 'few',
            intervalSeconds: 5,
            series: few,
            expressions: [{ expr: percentile99(selection, percentileSamples), at: '60s', values: [0] }],
          },
        ],
      ),
    ).toBe('');
  });
});

describe('the objectives', () => {
  const service = serviceOf('hello', 'prod');
  const { objectives } = ruleGroups(service, planOf(service));
  const minute = 60;
  const primary = (name: string, extra: string, values: string): Series => ({
    series: `${name}{namespace="hello",job="hello-primary"${extra}}`,
    values,
  });
  const traffic = (good: number, bad: number, step: number): readonly Series[] => [
    primary('up', '', '1x500'),
    primary('http_requests_total', ',code="200"', `0+${good * step}x500`),
    primary('http_requests_total', ',code="500"', `0+${bad * step}x500`),
  ];

  test('are rules that promtool takes without a word', async () => {
    expect(await promtool(objectives, [])).toBe('');
  });

  test('page soon for a fast burn, file a ticket for a slow one, and are silent for a healthy service', async () => {
    /** The alert of that window with what it is made of: the other windows would take most of the time. */
    const only = (severity: string, window: string) =>
      objectives.map(({ name, rules }) => {
        const alerts = objectives.flatMap((group) =>
          group.rules.filter(
            (rule) => 'alert' in rule && rule.labels.severity === severity && rule.labels.window === window,
          ),
        );
        return {
          name,
          rules: rules.filter((rule) =>
            'alert' in rule ? alerts.includes(rule) : alerts.some(({ expr }) => expr.includes(`${rule.record}{`)),
          ),
        };
      });
    const check = (severity: string, window: string, bad: number, at: string, fires: boolean) => {
      const step = severity === 'page' ? minute : 10 * minute;
      return promtool(
        only(severity, window).filter(({ rules }) => rules.length > 0),
        [
          {
            name: `${bad} of 100`,
            intervalSeconds: step,
            seriesLabels: { namespace: 'hello' },
            series: traffic(100 - bad, bad, step),
            alerts: [{ alert: 'ErrorBudgetBurn', at, fires }],
          },
        ],
        step,
      );
    };
    // 99.9 % are promised: 5 in 100 are 50 times the even rate, 0.4 are 4 times, 0.05 half of it.
    expect(await check('page', '1h', 5, '30m', true)).toBe('');
    expect(await check('page', '1h', 0.4, '3h', false)).toBe('');
    expect(await check('page', '6h', 0.7, '7h', true)).toBe('');
    expect(await check('page', '6h', 0.5, '7h', false)).toBe('');
    expect(await check('ticket', '1d', 0.4, '30h', true)).toBe('');
    expect(await check('ticket', '1d', 0.2, '30h', false)).toBe('');
    expect(await check('ticket', '3d', 0.2, '75h', true)).toBe('');
    expect(await check('ticket', '3d', 0.05, '75h', false)).toBe('');
  });

  test('wake somebody for a p99 over the limit that stays, and for metrics that are missing', async () => {
    const bucket = (le: string, perSecond: number) =>
      primary('http_request_duration_seconds_bucket', `,le="${le}"`, `0+${perSecond * 15}x100`);
    const series = [primary('up', '', '1x100'), bucket('0.5', 80), bucket('1.0', 100), bucket('+Inf', 100)];
    expect(
      await promtool(objectives, [
        {
          name: 'slow',
          seriesLabels: { namespace: 'hello' },
          intervalSeconds: 15,
          series,
          alerts: [
            { alert: 'LatencyHigh', at: '90s', fires: false },
            { alert: 'LatencyHigh', at: '5m', fires: true },
            { alert: 'MetricsMissing', at: '10m', fires: false },
          ],
        },
        {
          name: 'gone',
          intervalSeconds: 15,
          series: [primary('up', '', '0x100')],
          alerts: [{ alert: 'LatencyHigh', at: '10m', fires: false }],
        },
      ]),
    ).toBe('');
  });

  test('tell of a release that was taken back, of one that hangs, and of one that was overlooked', async () => {
    const status = (values: string): Series => ({
      series: 'flagger_canary_status{name="hello",namespace="hello"}',
      values,
    });
    const generation = (values: string): Series => ({
      series: 'kube_deployment_metadata_generation{deployment="hello",namespace="hello"}',
      values,
    });
    const at = (alert: string, time: string, fires: boolean) => ({ alert, at: time, fires });
    expect(
      await promtool(objectives, [
        {
          name: 'good',
          intervalSeconds: 15,
          series: [status('0x8 1x80'), generation('3x80')],
          alerts: ['ReleaseRolledBack', 'RolloutStuck', 'RevisionLost'].map((alert) => at(alert, '15m', false)),
        },
        {
          name: 'taken back',
          seriesLabels: { name: 'hello', namespace: 'hello' },
          intervalSeconds: 15,
          series: [status('0x8 2x80'), generation('3x10 4x80')],
          alerts: [at('ReleaseRolledBack', '4m', true), at('RevisionLost', '10m', false)],
        },
        {
          name: 'hangs',
          seriesLabels: { name: 'hello', namespace: 'hello' },
          intervalSeconds: 15,
          series: [status('0x80'), generation('3x80')],
          alerts: [at('RolloutStuck', '5m', false), at('RolloutStuck', '15m', true)],
        },
        {
          name: 'overlooked',
          seriesLabels: { name: 'hello', namespace: 'hello' },
          intervalSeconds: 15,
          series: [status('2x80'), generation('3x40 4x40')],
          alerts: [at('RevisionLost', '9m', false), at('RevisionLost', '13m', true)],
        },
      ]),
    ).toBe('');
  });
});
