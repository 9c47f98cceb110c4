import { renderer } from '../../../charts/render';
import { rolloutPresets, type ServiceMetrics } from '../../../lib/catalog';
import { percentileSamples, planOf } from '../../../lib/rollout';
import { releaseOf, serviceOf } from '../../ledger/fixtures';
import { checkResult, type MetricQuery, queriesOfCanary } from '../flagger-query';
import { judge } from '../judgement';
import {
  namedMetrics,
  type Situation,
  type SituationName,
  seriesOf,
  settledAt,
  situations,
} from '../metric-situations';
import { promtool, type RuleCase } from '../promtool';

// promtool evaluates hundreds of cases: seconds on a quiet machine, and no reason to fail on a busy one.
jest.setTimeout(600_000);

function serviceWith(plan: (typeof rolloutPresets)[number], metrics: ServiceMetrics) {
  const service = serviceOf('hello', 'prod', {
    metrics,
    requestsPerSecond: 500,
    rollback: { budgetSeconds: 180, plan },
  });
  return {
    plan: planOf(service),
    metrics: queriesOfCanary(renderer.service(service, releaseOf('hello', 'prod', 'one'))),
  };
}

/** Expressions for a check. An empty result is a failed check. */
function check(metric: MetricQuery, at: string, passed: boolean, value: number | undefined) {
  return [
    { expr: metric.query, at, values: value === undefined ? [] : [value] },
    { expr: checkResult(metric), at, values: value === undefined ? [] : [passed ? 1 : 0] },
  ];
}

const names = Object.keys(situations) as readonly SituationName[];
const clientGolang = namedMetrics.client_golang as ServiceMetrics;

/** Every name with the default plan, and every plan with the default names: a plan changes the window only. */
const combinations = [
  ...Object.keys(namedMetrics).map((named) => ['fast', named] as const),
  ...rolloutPresets.filter((plan) => plan !== 'fast').map((plan) => [plan, 'client_golang'] as const),
];

test.each(combinations)(
  'the checks of the plan %s, with metrics of %s, as Flagger sends them, fail closed in every situation',
  async (plan, named) => {
    const cases = casesOf(plan, named, namedMetrics[named] as ServiceMetrics);
    expect(cases).toHaveLength(names.length);
    expect(await promtool([], cases)).toBe('');
  },
);

function casesOf(preset: (typeof rolloutPresets)[number], named: string, given: ServiceMetrics): readonly RuleCase[] {
  const { plan, metrics } = serviceWith(preset, given);
  expect(metrics.map(({ name }) => name)).toEqual(['error-percentage', 'p99']);
  const [errorCheck, p99Check] = metrics as readonly [MetricQuery, MetricQuery];
  return names.map((name): RuleCase => {
    const { errors, p99 } = judge(name, given);
    const percentage = errors === undefined ? undefined : errors * 100;
    return {
      name: `${named}: ${name}`,
      intervalSeconds: plan.scrapeSeconds,
      series: seriesOf(given, plan.scrapeSeconds, situations[name]),
      expressions: [
        ...check(
          errorCheck,
          settledAt(plan.scrapeSeconds, errorCheck.windowSeconds),
          (percentage ?? 100) <= 1,
          percentage,
        ),
        ...check(p99Check, settledAt(plan.scrapeSeconds, p99Check.windowSeconds), (p99 ?? 1) <= 0.5, p99),
      ],
    };
  });
}

test.each<Situation & { readonly errors: boolean; readonly p99: boolean }>([
  { name: 'just under the limits', up: 1, ok: 992, failed: 8, slow: 8, errors: true, p99: true },
  { name: 'over both limits', up: 1, ok: 985, failed: 15, slow: 15, errors: false, p99: false },
])('check the limits of the objectives: $name', async ({ errors, p99, ...situation }) => {
  const { plan, metrics } = serviceWith('fast', clientGolang);
  const expectedResults = [errors, p99];
  expect(
    await promtool(
      [],
      [
        {
          name: situation.name,
          intervalSeconds: plan.scrapeSeconds,
          series: seriesOf(clientGolang, plan.scrapeSeconds, situation),
          expressions: metrics.map((metric, index) => ({
            expr: checkResult(metric),
            at: '120s',
            values: [expectedResults[index] === true ? 1 : 0],
          })),
        },
      ],
    ),
  ).toBe('');
});

test('with fewer requests than a percentile needs, one slow request does not fail the check', async () => {
  const { plan, metrics } = serviceWith('fast', clientGolang);
  const rate = (requests: number) =>
    ({ name: `${requests} requests`, up: 1, ok: requests, slow: requests / 2 }) as const;
  const enough = percentileSamples / plan.windowSeconds;
  const p99 = metrics.find(({ name }) => name === 'p99') as MetricQuery;
  const caseOf = (requests: number, passed: boolean, value: number): RuleCase => ({
    name: `${requests} requests per second`,
    intervalSeconds: plan.scrapeSeconds,
    series: seriesOf(clientGolang, plan.scrapeSeconds, rate(requests)),
    expressions: check(p99, '60s', passed, value),
  });
  expect(await promtool([], [caseOf(enough - 1, true, 0), caseOf(enough + 1, false, 0.99)])).toBe('');
});

test.each(rolloutPresets)(
  'with the plan %s, a service that creates its series with the first request loses at most the first check',
  async (preset) => {
    const { plan, metrics } = serviceWith(preset, clientGolang);
    const { scrapeSeconds, intervalSeconds } = plan;
    // No sample before the first request. The first scrape that shows it is at most one scrape interval later.
    const late = seriesOf(clientGolang, scrapeSeconds, { name: 'late', up: 1, ok: 100 }).map(({ series, values }) => ({
      series,
      values: series.startsWith('up{') ? values : `_ ${values.replace(/^0/, String(100 * scrapeSeconds))}`,
    }));
    const expressions = metrics.flatMap((metric) => [
      { expr: `count(${checkResult(metric)}) or vector(0)`, at: '0s', values: [0] },
      { expr: checkResult(metric), at: `${2 * intervalSeconds}s`, values: [1] },
    ]);
    expect(await promtool([], [{ name: preset, intervalSeconds: scrapeSeconds, series: late, expressions }])).toBe('');
  },
);
