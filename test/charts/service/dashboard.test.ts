import { renderer } from '../../../charts/render';
import type { ServiceInEnvironment, ServiceMetrics } from '../../../lib/catalog';
import { rolloutPresets } from '../../../lib/catalog';
import { planOf } from '../../../lib/rollout';
import { releaseOf, serviceOf } from '../../ledger/fixtures';
import { basicSituations, namedMetrics, seriesOf, settledAt, situations } from '../metric-situations';
import { promtool, type RuleCase } from '../promtool';
import { parseRendered, type RenderedObject } from '../render-catalog';

// promtool evaluates hundreds of cases: seconds on a quiet machine, and no reason to fail on a busy one.
jest.setTimeout(600_000);

interface DashboardJson {
  readonly uid: string;
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
}

function dashboardOf(service: ServiceInEnvironment): DashboardJson {
  const objects = parseRendered(renderer.service(service, releaseOf(service.name, service.environment, 'one')));
  const found = objects.find(({ metadata }) => metadata.labels?.grafana_dashboard === '1') as RenderedObject;
  return JSON.parse(Object.values(found.data ?? {})[0] ?? '');
}

const queriesOf = (dashboard: DashboardJson, title: string) =>
  dashboard.panels.find((panel) => panel.title === title)?.targets ?? [];
const windowOf = (expr: string) => Number(/\[(\d+)s\]/.exec(expr)?.[1]);

/** Values of a panel for both roles: requests per second, error ratio, seconds. An empty list is no line. */
const expected: Readonly<
  Record<
    (typeof basicSituations)[number],
    Readonly<Record<'Traffic' | 'Errors' | 'Latency, 99th percentile', readonly number[]>>
  >
> = {
  healthy: { Traffic: [100], Errors: [0], 'Latency, 99th percentile': [0.495] },
  slow: { Traffic: [100], Errors: [0], 'Latency, 99th percentile': [0.975] },
  idle: { Traffic: [0], Errors: [0], 'Latency, 99th percentile': [] },
  down: { Traffic: [], Errors: [], 'Latency, 99th percentile': [] },
  vanished: { Traffic: [], Errors: [], 'Latency, 99th percentile': [] },
  failing: { Traffic: [100], Errors: [1], 'Latency, 99th percentile': [0.495] },
};

/** The percentile of a native histogram, whose buckets are interpolated exponentially. */
const ofNativeHistogram: Readonly<Record<number, number>> = { 0.495: 0.496546, 0.975: 0.965936 };

describe.each(Object.keys(namedMetrics))('the dashboard, with metrics of %s', (named) => {
  const metrics = namedMetrics[named] as ServiceMetrics;
  const service = serviceOf('hello', 'prod', { metrics });
  const dashboard = dashboardOf(service);
  const scrapeSeconds = 15;

  test('shows the right values in every situation', async () => {
    const cases = basicSituations.flatMap((name) => casesOf(name));
    expect(await promtool([], cases)).toBe('');
  });

  function casesOf(name: (typeof basicSituations)[number]): readonly RuleCase[] {
    const expectedValues = Object.entries(expected[name]).map(([title, values]) => ({
      title,
      values: metrics.type === 'histogram' ? values : values.map((value) => ofNativeHistogram[value] ?? value),
    }));
    return ['primary', 'canary'].map(
      (role): RuleCase => ({
        name: `${name} ${role}`,
        intervalSeconds: scrapeSeconds,
        series: seriesOf(metrics, scrapeSeconds, situations[name], `hello-${role}`),
        expressions: expectedValues.flatMap(({ title, values }) => {
          const target = queriesOf(dashboard, title).find(({ legendFormat }) => legendFormat === role);
          const expr = target?.expr ?? '';
          return [{ expr, at: settledAt(scrapeSeconds, windowOf(expr)), values }];
        }),
      }),
    );
  }

  test.each([
    ['healthy', [0]],
    ['slow', [0]],
    ['idle', [0]],
    ['down', []],
    // An error ratio of 1 is 1000 times the budget of 0.1 %.
    ['failing', [1000]],
  ] as const)('shows the burn rate of the error budget: %s', async (name, values) => {
    const series = seriesOf(metrics, scrapeSeconds, situations[name], 'hello-primary');
    const expressions = queriesOf(dashboard, 'Error budget burn rate').map(({ expr }) => ({
      expr,
      at: '20m',
      values,
    }));
    expect(expressions).toHaveLength(3);
    expect(await promtool([], [{ name, intervalSeconds: scrapeSeconds, series, expressions }])).toBe('');
  });

  test('shows the weights and the status of Flagger', async () => {
    const flagger = (name: string, values: string) => ({ series: `${name},namespace="hello"}`, values });
    const series = [
      flagger('flagger_canary_weight{workload="hello"', '25x40'),
      flagger('flagger_canary_weight{workload="hello-primary"', '75x40'),
      flagger('flagger_canary_status{name="hello"', '0x40'),
    ];
    const values = [75, 25, 0];
    const expressions = [...queriesOf(dashboard, 'Weights'), ...queriesOf(dashboard, 'Rollout')].map(
      ({ expr }, index) => ({
        expr: `sum(${expr})`,
        at: '2m',
        values: [values[index] as number],
      }),
    );
    expect(expressions).toHaveLength(3);
    expect(await promtool([], [{ name: 'flagger', intervalSeconds: scrapeSeconds, series, expressions }])).toBe('');
  });
});

test.each(rolloutPresets)('both roles have the same window, which contains four scrapes: %s', (plan) => {
  for (const scrape of [undefined, 30]) {
    const service = serviceOf('hello', 'prod', {
      requestsPerSecond: 5000,
      rollback: {
        budgetSeconds: 1800,
        plan,
        windowSeconds: 120,
        ...(scrape === undefined ? {} : { scrapeSeconds: scrape }),
      },
    });
    const objects = parseRendered(renderer.service(service, releaseOf('hello', 'prod', 'one')));
    const scrapes = objects
      .filter(({ kind }) => kind === 'ServiceMonitor')
      .map(({ spec }) => Number.parseInt(spec.endpoints[0].interval, 10));
    expect(Math.max(...scrapes)).toBeGreaterThanOrEqual(planOf(service).scrapeSeconds);
    const windows = ['Traffic', 'Errors', 'Latency, 99th percentile'].flatMap((title) =>
      queriesOf(dashboardOf(service), title).map(({ expr }) => windowOf(expr)),
    );
    expect(new Set(windows).size).toBe(1);
    expect(windows[0]).toBeGreaterThanOrEqual(4 * Math.max(...scrapes));
  }
});

test('every dashboard has a unique id that Grafana accepts', () => {
  const long = 'a-name-that-is-rather-long-on-its';
  const names: readonly (readonly [string, string])[] = [
    ['prod', `${long}-one`],
    ['prod', `${long}-two`],
    ['a', 'b-c'],
    ['a-b', 'c'],
    ['prod', 'hello'],
  ];
  const ids = names.map(([environment, name]) => dashboardOf(serviceOf(name, environment)).uid);
  expect(new Set(ids).size).toBe(names.length);
  for (const id of ids) {
    expect(id).toMatch(/^[a-z0-9-]{1,40}$/);
  }
});
