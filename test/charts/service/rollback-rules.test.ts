import { ruleGroups } from '../../../charts/service/alert-rules';
import { rolloutPresets } from '../../../lib/catalog';
import { planOf } from '../../../lib/rollout';
import { serviceOf } from '../../ledger/fixtures';
import { type Situation, type SituationName, seriesOf, settledAt, situations } from '../metric-situations';
import { promtool } from '../promtool';

const alertNames = ['CanaryErrors', 'CanarySlow'];
const firingAlerts: Readonly<Record<SituationName, readonly string[]>> = {
  healthy: [],
  slow: ['CanarySlow'],
  idle: [],
  down: [],
  vanished: [],
  failing: ['CanaryErrors'],
};

describe.each(rolloutPresets)('the rollback rules of the plan %s', (preset) => {
  test.each(['client_golang', 'opentelemetry'] as const)(
    'fire in bad situations only, with metrics of %s',
    async (metrics) => {
      const service = serviceOf('hello', 'prod', { metrics, rollback: { budgetSeconds: 300, plan: preset } });
      const plan = planOf(service);
      const cases = Object.entries(situations).map(([situation, given]) => ({
        name: given.name,
        intervalSeconds: plan.scrapeSeconds,
        series: seriesOf(metrics, plan.scrapeSeconds, given),
        alerts: alertNames.map((alert) => ({
          alert,
          at: settledAt(plan.scrapeSeconds, plan.alert.windowSeconds),
          fires: firingAlerts[situation as SituationName].includes(alert),
        })),
      }));
      expect(await promtool(ruleGroups(service, plan).rollback, cases)).toBe('');
    },
  );
});

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
        series: seriesOf('client_golang', plan.scrapeSeconds, situation),
        alerts: alertNames.map((alert) => ({ alert, at: '120s', fires: alerts.includes(alert) })),
      },
    ]),
  ).toBe('');
});
