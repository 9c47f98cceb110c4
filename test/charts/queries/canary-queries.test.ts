import { renderer } from '../../../charts/render';
import { rolloutPresets } from '../../../lib/catalog';
import { percentileSamples, planOf } from '../../../lib/rollout';
import { releaseOf, serviceOf } from '../../ledger/fixtures';
import { type AskedMetric, askedMetrics, passes } from '../flagger-query';
import { promtool, type RuleCase } from '../promtool';
import { type Situation, type SituationName, seriesOf, settledAt, situations } from '../metric-situations';

const families = ['client_golang', 'opentelemetry'] as const;

/** What each check comes to, and what its query answers. */
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
  return { plan: planOf(service), metrics: askedMetrics(renderer.service(service, releaseOf('hello', 'prod', 'one'))) };
}

/** No answer at all is a failed check. */
function check(metric: AskedMetric, at: string, passed: boolean, value: number | undefined) {
  return [
    { expr: metric.query, at, values: value === undefined ? [] : [value] },
    { expr: passes(metric), at, values: value === undefined ? [] : [passed ? 1 : 0] },
  ];
}

describe.each(rolloutPresets)('the checks of the plan %s, as they are rendered and Flagger asks them', (preset) => {
  test.each(families)('judge five situations as they should, with metrics of %s', async (family) => {
    const { plan, metrics } = serviceWith(preset, family);
    expect(metrics.map(({ name }) => name)).toEqual(['error-percentage', 'p99']);
    const cases = Object.entries(situations).map(([situation, given]): RuleCase => {
      const answers = expected[situation as SituationName];
      return {
        name: given.name,
        intervalSeconds: plan.scrapeSeconds,
        series: seriesOf(family, plan.scrapeSeconds, given),
        expressions: metrics.flatMap((metric) => {
          const [passed, value] = answers[metric.name as keyof typeof answers];
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
])('the limits are those of the objectives: $name', async ({ errors, p99, ...situation }) => {
  const { plan, metrics } = serviceWith('fast', 'client_golang');
  const wanted = [errors, p99];
  expect(
    await promtool(
      [],
      [
        {
          name: situation.name,
          intervalSeconds: plan.scrapeSeconds,
          series: seriesOf('client_golang', plan.scrapeSeconds, situation),
          expressions: metrics.map((metric, index) => ({
            expr: passes(metric),
            at: '120s',
            values: [wanted[index] === true ? 1 : 0],
          })),
        },
      ],
    ),
  ).toBe('');
});

test('with fewer requests than a percentile needs, one slow request is no reason to go back', async () => {
  const { plan, metrics } = serviceWith('fast', 'client_golang');
  const rate = (requests: number) =>
    ({ name: `${requests} requests`, up: 1, ok: requests, slow: requests / 2 }) as const;
  const enough = percentileSamples / plan.windowSeconds;
  const p99 = metrics.find(({ name }) => name === 'p99') as AskedMetric;
  const asked = (requests: number, passed: boolean, value: number): RuleCase => ({
    name: `${requests} requests a second`,
    intervalSeconds: plan.scrapeSeconds,
    series: seriesOf('client_golang', plan.scrapeSeconds, rate(requests)),
    expressions: check(p99, '60s', passed, value),
  });
  expect(await promtool([], [asked(enough - 1, true, 0), asked(enough + 1, false, 0.99)])).toBe('');
});
