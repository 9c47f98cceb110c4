import type { RecordingRule, RuleGroup } from '../../../../charts/prometheus/prometheus-rule';
import { ruleGroups } from '../../../../charts/service/alerts/alert-rules';
import type { ServiceMetrics } from '../../../../lib/catalog';
import { percentileSamples, planOf } from '../../../../lib/rollout';
import { serviceOf } from '../../../ledger/fixtures';
import { judge, missingMetrics } from '../../judgement';
import { namedMetrics, type Situation, type SituationName, seriesOf, situations } from '../../metric-situations';
import { promtool, type RuleCase, type Series } from '../../promtool';

// promtool evaluates hundreds of cases: seconds on a quiet machine, and no reason to fail on a busy one.
jest.setTimeout(600_000);

const clientGolang = namedMetrics.client_golang as ServiceMetrics;

function objectivesOf(metrics: ServiceMetrics): readonly RuleGroup[] {
  const service = serviceOf('hello', 'prod', { metrics });
  return ruleGroups(service, planOf(service)).objectives.filter(({ name }) => name.includes('objectives'));
}

const recordsOf = (groups: readonly RuleGroup[]) =>
  groups.flatMap(({ rules }) => rules).filter((rule): rule is RecordingRule => 'record' in rule);

const names = Object.keys(situations) as readonly SituationName[];
const isGone = (name: SituationName) => ['down', 'vanished', 'nothing'].includes(name);

const scrapeSeconds = 15;

describe.each(Object.keys(namedMetrics))('objectives, with metrics of %s', (named) => {
  const metrics = namedMetrics[named] as ServiceMetrics;
  const groups = objectivesOf(metrics);

  test('fire the right alerts in every situation', async () => {
    // Only the alert over the shortest windows with its records, because days of samples would take minutes.
    const short = groups.map(({ rules, ...group }) => ({
      ...group,
      rules: rules.filter((rule) =>
        'record' in rule
          ? /\[(?:5m|1h)\]/.test(rule.expr)
          : rule.alert !== 'ErrorBudgetBurn' || rule.labels.window === '1h',
      ),
    }));
    const cases = names.map((name): RuleCase => {
      const { errors, p99 } = judge(name, metrics);
      const missing = missingMetrics(name, metrics);
      const labels = { namespace: 'hello' };
      return {
        name,
        intervalSeconds: scrapeSeconds,
        series: seriesOf(metrics, scrapeSeconds, situations[name], 'hello-primary'),
        alerts: [
          {
            alert: 'ErrorBudgetBurn',
            at: '25m',
            fires: (errors ?? 0) > 0.0144,
            percentage: `${(errors ?? 0) * 100}%`,
            seriesLabels: labels,
          },
          { alert: 'LatencyHigh', at: '25m', fires: (p99 ?? 0) > 0.5, seriesLabels: labels },
          // No series exists that has a namespace.
          { alert: 'MetricsMissing', at: '25m', fires: isGone(name) },
          { alert: 'MetricsIncomplete', at: '14m', fires: false },
          { alert: 'MetricsIncomplete', at: '25m', fires: missing.length > 0, only: { missing } },
        ],
      };
    });
    expect(await promtool(short, cases, scrapeSeconds)).toBe('');
  });
});

/** One name for each form that a query can have. */
const forms = ['client_golang', 'opentelemetry', 'milliseconds', 'native histogram', 'counting native histogram'];

test.each(forms)(
  'the records have the right values over every window, in every situation, with metrics of %s',
  async (named) => {
    const metrics = namedMetrics[named] as ServiceMetrics;
    const groups = objectivesOf(metrics);
    // A window contains the vanished target until it has passed: only the short one does so within the case.
    const recordsIn = (name: SituationName) =>
      recordsOf(groups).filter(({ expr }) => name !== 'vanished' || expr.includes('[5m]'));
    expect(recordsIn('healthy')).toHaveLength(8);
    const cases = names
      // Without buckets over the objective, the percentile is the largest bucket: no check and no alert relies on it.
      .filter((name) => name !== 'short')
      .map((name): RuleCase => {
        const { errors, p99 } = judge(name, metrics);
        return {
          name,
          intervalSeconds: scrapeSeconds,
          series: seriesOf(metrics, scrapeSeconds, situations[name], 'hello-primary'),
          expressions: recordsIn(name).map(({ record, expr }) => {
            const value = record.includes('latency') ? p99 || undefined : errors;
            return { expr, at: '20m', values: value === undefined ? [] : [value] };
          }),
        };
      });
    expect(await promtool([], cases)).toBe('');
  },
);

test('the records include the requests to the canary', async () => {
  const metrics = clientGolang;
  const groups = objectivesOf(metrics);
  const record = recordsOf(groups).find(({ expr }) => expr.includes('[5m]')) as RecordingRule;
  const series = [
    ...seriesOf(metrics, scrapeSeconds, { name: 'good', up: 1, ok: 90 }, 'hello-primary'),
    ...seriesOf(metrics, scrapeSeconds, { name: 'bad', up: 1, failed: 10 }, 'hello-canary'),
    ...seriesOf(metrics, scrapeSeconds, { name: 'another service', up: 1, failed: 100 }, 'hello-canary-two'),
  ];
  const expressions = [{ expr: record.expr, at: '10m', values: [0.1] }];
  expect(await promtool([], [{ name: 'both', intervalSeconds: scrapeSeconds, series, expressions }])).toBe('');
});

test('a few slow requests do not page for a service with little traffic', async () => {
  const groups = objectivesOf(clientGolang).map(({ rules, ...group }) => ({
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
      series: seriesOf(clientGolang, scrapeSeconds, all, 'hello-primary'),
      seriesLabels: { namespace: 'hello' },
      alerts: [{ alert: 'LatencyHigh', at: '15m', fires }],
    };
  };
  const enough = percentileSamples / 300;
  expect(await promtool(groups, [caseOf(enough * 0.8, false), caseOf(enough * 1.2, true)])).toBe('');
});

describe('the burn of the error budget', () => {
  const groups = objectivesOf(clientGolang);
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
