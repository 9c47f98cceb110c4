import { renderer } from '../../../charts/render';
import { rolloutPresets } from '../../../lib/catalog';
import { percentileSamples, planOf } from '../../../lib/rollout';
import { releaseOf, serviceOf } from '../../ledger/fixtures';
import { checkResult, type MetricQuery, queriesOfCanary } from '../flagger-query';
import { type Situation, type SituationName, seriesOf, settledAt, situations } from '../metric-situations';
import { promtool, type RuleCase } from '../promtool';

const families = ['client_golang', 'opentelemetry'] as const;

/** The result of each check, and the value of its query. */
const expected: Readonly<
  Record<SituationName, Readonly<Record<'error-percentage' | 'p99', readonly [passed: boolean, value?: number]>>>
> = {
  healthy: { 'error-percentage': [true, 0], p99: [true, 0.495] },
  slow: { 'error-percentage': [true, 0], p99: [false, 0.975] },
  idle: { 'error-percentage': [true, 0], p99: [true, 0] },
  down: { 'error-percentage': [false], p99: [false] },
  vanished: { 'error-percentage': [false], p99: [false] },
  failing: { 'error-percentage': [false, 100], p99: [true, 0.495] },
};

function serviceWith(plan: (typeof rolloutPresets)[number], metrics: (typeof families)[number]) {
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

describe.each(rolloutPresets)('the checks of the plan %s, as Flagger sends them', (preset) => {
  test.each(families)('have the right result in every situation, with metrics of %s', async (family) => {
    const { plan, metrics } = serviceWith(preset, family);
    expect(metrics.map(({ name }) => name)).toEqual(['error-percentage', 'p99']);
    const cases = Object.entries(situations).map(([situation, given]): RuleCase => {
      const expectedChecks = expected[situation as SituationName];
      return {
        name: given.name,
        intervalSeconds: plan.scrapeSeconds,
        series: seriesOf(family, plan.scrapeSeconds, given),
        expressions: metrics.flatMap((metric) => {
          const [passed, value] = expectedChecks[metric.name as keyof typeof expectedChecks];
          return check(metric, settledAt(plan.scrapeSeconds, metric.windowSeconds), passed, value);
        }),
      };
    });
    expect(await promtool([], cases)).toBe('');
  });
});

test.each<Situation & { readonly errors: boolean; readonly p99: boolean }>([
  { name: 'just under the limits', up: 1, ok: 992, failed: 8, slow: 8, errors: true, p99: true },
  { name: 'over both limits', up: 1, ok: 985, failed: 15, slow: 15, errors: false, p99: false },
])('check the limits of the objectives: $name', async ({ errors, p99, ...situation }) => {
  const { plan, metrics } = serviceWith('fast', 'client_golang');
  const expectedResults = [errors, p99];
  expect(
    await promtool(
      [],
      [
        {
          name: situation.name,
          intervalSeconds: plan.scrapeSeconds,
          series: seriesOf('client_golang', plan.scrapeSeconds, situation),
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
  const { plan, metrics } = serviceWith('fast', 'client_golang');
  const rate = (requests: number) =>
    ({ name: `${requests} requests`, up: 1, ok: requests, slow: requests / 2 }) as const;
  const enough = percentileSamples / plan.windowSeconds;
  const p99 = metrics.find(({ name }) => name === 'p99') as MetricQuery;
  const caseOf = (requests: number, passed: boolean, value: number): RuleCase => ({
    name: `${requests} requests per second`,
    intervalSeconds: plan.scrapeSeconds,
    series: seriesOf('client_golang', plan.scrapeSeconds, rate(requests)),
    expressions: check(p99, '60s', passed, value),
  });
  expect(await promtool([], [caseOf(enough - 1, true, 0), caseOf(enough + 1, false, 0.99)])).toBe('');
});
