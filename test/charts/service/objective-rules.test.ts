import type { RecordingRule, RuleGroup } from '../../../charts/prometheus/prometheus-rule';
import { ruleGroups } from '../../../charts/service/alert-rules';
import { percentileSamples, planOf } from '../../../lib/rollout';
import { serviceOf } from '../../ledger/fixtures';
import { type Situation, type SituationName, seriesOf, situations } from '../metric-situations';
import { promtool, type RuleCase, type Series } from '../promtool';

const families = ['client_golang', 'opentelemetry'] as const;

function objectivesOf(metrics: (typeof families)[number]): readonly RuleGroup[] {
  const service = serviceOf('hello', 'prod', { metrics });
  return ruleGroups(service, planOf(service)).objectives.filter(({ name }) => name.includes('objectives'));
}

const recordsOf = (groups: readonly RuleGroup[]) =>
  groups.flatMap(({ rules }) => rules).filter((rule): rule is RecordingRule => 'record' in rule);

/** The recorded error ratio and 99th percentile after five minutes, and the alerts that fire. */
const expected: Readonly<
  Record<
    SituationName,
    { readonly errors: readonly number[]; readonly p99: readonly number[]; readonly alerts: readonly string[] }
  >
> = {
  healthy: { errors: [0], p99: [0.495], alerts: [] },
  slow: { errors: [0], p99: [0.975], alerts: ['LatencyHigh'] },
  idle: { errors: [0], p99: [], alerts: [] },
  down: { errors: [], p99: [], alerts: ['MetricsMissing'] },
  vanished: { errors: [], p99: [], alerts: ['MetricsMissing'] },
  failing: { errors: [1], p99: [0.495], alerts: ['ErrorBudgetBurn'] },
};

const scrapeSeconds = 15;

describe.each(families)('objectives, with metrics of %s', (family) => {
  const groups = objectivesOf(family);

  test('pass promtool', async () => {
    expect(await promtool(groups, [])).toBe('');
  });

  test.each(Object.keys(situations) as SituationName[])(
    'record the right values over every window: %s',
    async (name) => {
      const { errors, p99 } = expected[name];
      // A window contains the vanished target until it has passed: only the short one does so within the case.
      const records = recordsOf(groups).filter(({ expr }) => name !== 'vanished' || expr.includes('[5m]'));
      expect(records.length).toBeGreaterThanOrEqual(name === 'vanished' ? 2 : 8);
      const ruleCase: RuleCase = {
        name,
        intervalSeconds: scrapeSeconds,
        series: seriesOf(family, scrapeSeconds, situations[name], 'hello-primary'),
        expressions: records.map(({ record, expr }) => ({
          expr,
          at: '20m',
          values: record.includes('latency') ? p99 : errors,
        })),
      };
      expect(await promtool([], [ruleCase])).toBe('');
    },
  );

  test.each(Object.keys(situations) as SituationName[])('fire the right alerts: %s', async (name) => {
    // Only the alert over the shortest windows with its records, because days of samples would take minutes.
    const short = groups.map(({ rules, ...group }) => ({
      ...group,
      rules: rules.filter((rule) =>
        'record' in rule
          ? /\[(?:5m|1h)\]/.test(rule.expr)
          : rule.alert !== 'ErrorBudgetBurn' || rule.labels.window === '1h',
      ),
    }));
    const { alerts } = expected[name];
    const ruleCase: RuleCase = {
      name,
      intervalSeconds: scrapeSeconds,
      series: seriesOf(family, scrapeSeconds, situations[name], 'hello-primary'),
      alerts: ['ErrorBudgetBurn', 'LatencyHigh', 'MetricsMissing'].map((alert) => ({
        alert,
        at: '20m',
        fires: alerts.includes(alert),
        percentage: '100%',
        // No series exists that has a namespace.
        ...(alert === 'MetricsMissing' ? {} : { seriesLabels: { namespace: 'hello' } }),
      })),
    };
    expect(await promtool(short, [ruleCase], scrapeSeconds)).toBe('');
  });

  test('include the requests to the canary', async () => {
    const record = recordsOf(groups).find(({ expr }) => expr.includes('[5m]')) as RecordingRule;
    const series = [
      ...seriesOf(family, scrapeSeconds, { name: 'good', up: 1, ok: 90 }, 'hello-primary'),
      ...seriesOf(family, scrapeSeconds, { name: 'bad', up: 1, failed: 10 }, 'hello-canary'),
      ...seriesOf(family, scrapeSeconds, { name: 'another service', up: 1, failed: 100 }, 'hello-canary-two'),
    ];
    const expressions = [{ expr: record.expr, at: '10m', values: [0.1] }];
    expect(await promtool([], [{ name: 'both', intervalSeconds: scrapeSeconds, series, expressions }])).toBe('');
  });
});

test('a few slow requests do not page for a service with little traffic', async () => {
  const groups = objectivesOf('client_golang').map(({ rules, ...group }) => ({
    ...group,
    rules: rules.filter((rule) => ('record' in rule ? rule.record.includes('latency') : rule.alert === 'LatencyHigh')),
  }));
  const caseOf = (perSecond: number, fires: boolean): RuleCase => {
    const all: Situation = {
      name: `${perSecond} requests per second, all slow`,
      up: 1,
      ok: perSecond,
      slow: perSecond,
    };
    return {
      name: all.name,
      intervalSeconds: scrapeSeconds,
      series: seriesOf('client_golang', scrapeSeconds, all, 'hello-primary'),
      seriesLabels: { namespace: 'hello' },
      alerts: [{ alert: 'LatencyHigh', at: '15m', fires }],
    };
  };
  const enough = percentileSamples / 300;
  expect(await promtool(groups, [caseOf(enough * 0.8, false), caseOf(enough * 1.2, true)])).toBe('');
});

describe('the burn of the error budget', () => {
  const groups = objectivesOf('client_golang');
  const primary = (name: string, extra: string, values: string): Series => ({
    series: `${name}{namespace="hello",job="hello-primary"${extra}}`,
    values,
  });

  // The objective is 99.9 %: 5 failures in 100 requests are 50 times the sustainable rate, 0.4 are 4 times, 0.05 half of it.
  test.each([
    ['page', '1h', 5, '30m', true],
    ['page', '1h', 0.4, '3h', false],
    ['page', '6h', 0.7, '7h', true],
    ['page', '6h', 0.5, '7h', false],
    ['ticket', '1d', 0.4, '30h', true],
    ['ticket', '1d', 0.2, '30h', false],
    ['ticket', '3d', 0.2, '75h', true],
    ['ticket', '3d', 0.05, '75h', false],
  ] as const)('%s over %s: %d of 100 after %s: %s', async (severity, window, bad, at, fires) => {
    const step = severity === 'page' ? 60 : 600;
    // Only the alert of this window with its records, because the other windows would take most of the time.
    const alerts = groups
      .flatMap(({ rules }) => rules)
      .filter((rule) => 'alert' in rule && rule.labels.severity === severity && rule.labels.window === window);
    const selectedGroups = groups
      .map(({ name, rules }) => ({
        name,
        rules: rules.filter((rule) =>
          'alert' in rule ? alerts.includes(rule) : alerts.some(({ expr }) => expr.includes(`${rule.record}{`)),
        ),
      }))
      .filter(({ rules }) => rules.length > 0);
    const ruleCase: RuleCase = {
      name: `${bad} of 100`,
      intervalSeconds: step,
      seriesLabels: { namespace: 'hello' },
      series: [
        primary('http_requests_total', ',code="200"', `0+${(100 - bad) * step}x500`),
        primary('http_requests_total', ',code="500"', `0+${bad * step}x500`),
      ],
      alerts: [{ alert: 'ErrorBudgetBurn', at, fires, percentage: `${bad}%` }],
    };
    expect(await promtool(selectedGroups, [ruleCase], step)).toBe('');
  });
});
