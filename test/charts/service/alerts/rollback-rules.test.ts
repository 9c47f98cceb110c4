import { ruleGroups } from '../../../../charts/service/alerts/alert-rules';
import { rolloutPresets, type ServiceMetrics } from '../../../../lib/catalog';
import { planOf } from '../../../../lib/rollout';
import { serviceOf } from '../../../ledger/fixtures';
import { judge } from '../../judgement';
import {
  namedMetrics,
  type Situation,
  type SituationName,
  seriesOf,
  settledAt,
  situations,
} from '../../metric-situations';
import { promtool } from '../../promtool';

// promtool evaluates hundreds of cases: seconds on a quiet machine, and no reason to fail on a busy one.
jest.setTimeout(600_000);

const alertNames = ['CanaryErrors', 'CanarySlow'];

/** Every name with the default plan, and every plan with the default names. */
const combinations = [
  ...Object.keys(namedMetrics).map((named) => ['fast', named] as const),
  ...rolloutPresets.filter((plan) => plan !== 'fast').map((plan) => [plan, 'client_golang'] as const),
];

test.each(combinations)(
  'the rollback rules of the plan %s, with metrics of %s, fire in bad situations only: missing metrics fail the checks instead',
  async (preset, named) => {
    const metrics = namedMetrics[named] as ServiceMetrics;
    const service = serviceOf('hello', 'prod', { metrics, rollback: { budgetSeconds: 300, plan: preset } });
    const plan = planOf(service);
    const cases = (Object.keys(situations) as SituationName[]).map((name) => {
      const { errors, p99 } = judge(name, metrics);
      return {
        name,
        intervalSeconds: plan.scrapeSeconds,
        series: seriesOf(metrics, plan.scrapeSeconds, situations[name]),
        alerts: alertNames.map((alert) => ({
          alert,
          at: settledAt(plan.scrapeSeconds, plan.alert.windowSeconds),
          fires: alert === 'CanaryErrors' ? (errors ?? 0) > 0.02 : (p99 ?? 0) > 0.5,
        })),
      };
    });
    expect(await promtool(ruleGroups(service, plan).rollback, cases)).toBe('');
  },
);

test.each<{ readonly situation: Situation; readonly alerts: readonly string[] }>([
  { situation: { name: '1.5 % slow, which fails a check', up: 1, ok: 200, slow: 3 }, alerts: [] },
  { situation: { name: '2.5 % slow', up: 1, ok: 200, slow: 5 }, alerts: ['CanarySlow'] },
  { situation: { name: 'everything slow', up: 1, ok: 200, slow: 200 }, alerts: ['CanarySlow'] },
  { situation: { name: '1.5 % failed', up: 1, ok: 197, failed: 3 }, alerts: [] },
  { situation: { name: '2.5 % failed', up: 1, ok: 195, failed: 5 }, alerts: ['CanaryErrors'] },
  { situation: { name: 'few requests, all failed', up: 1, failed: 4 }, alerts: [] },
  { situation: { name: 'few requests, all slow', up: 1, ok: 4, slow: 4 }, alerts: [] },
  {
    situation: { name: 'exactly enough requests, all failed and slow', up: 1, failed: 6, slow: 6 },
    alerts: ['CanaryErrors', 'CanarySlow'],
  },
])('the rules match the alert that the plan computes with: $situation.name', async ({ situation, alerts }) => {
  const service = serviceOf('hello', 'prod', { agent: true });
  const plan = planOf(service);
  expect(
    await promtool(ruleGroups(service, plan).rollback, [
      {
        name: situation.name,
        intervalSeconds: plan.scrapeSeconds,
        series: seriesOf(namedMetrics.client_golang as ServiceMetrics, plan.scrapeSeconds, situation),
        alerts: alertNames.map((alert) => ({ alert, at: '120s', fires: alerts.includes(alert) })),
      },
    ]),
  ).toBe('');
});
