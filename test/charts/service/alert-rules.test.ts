import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertingRule } from '../../../charts/prometheus/alerting-rule';
import { ruleGroups } from '../../../charts/service/alert-rules';
import { planOf } from '../../../lib/rollout';
import { serviceOf } from '../../ledger/fixtures';

const service = serviceOf('hello', 'prod', { rollback: { budgetSeconds: 65, plan: 'fast' } });
const families = ruleGroups(service, planOf(service));
const alerts = Object.values(families)
  .flat()
  .flatMap(({ rules }) => rules)
  .filter((rule): rule is AlertingRule => 'alert' in rule);

/** The receiver of an alert, by the labels that Alertmanager routes by. */
function receiverOf({ labels }: AlertingRule): string {
  return labels.action === 'rollback' ? 'agent' : labels.severity === 'page' ? 'page' : 'ticket';
}

test('docs/reference/manifests.md lists every alert with its receiver and text', () => {
  const path = join(__dirname, '..', '..', '..', 'docs', 'reference', 'manifests.md');
  const rows = alerts.map(
    (rule) =>
      `| \`${rule.alert}\`${rule.labels.window === undefined ? '' : ` (${rule.labels.window})`} | ${receiverOf(rule)} | ${rule.annotations.summary}. ${rule.annotations.description} |\n`,
  );
  const table = `| Alert | Receiver | Text |\n|---|---|---|\n${rows.join('')}`;
  const fresh = readFileSync(path, 'utf8').replace(
    /<!-- generated: alerts -->[\s\S]*?<!-- end -->/,
    `<!-- generated: alerts -->\n\n${table}\n<!-- end -->`,
  );
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(path, fresh);
  }
  expect(readFileSync(path, 'utf8')).toBe(fresh);
});

test('every alert has a receiver: the agent, a page or a ticket', () => {
  for (const { alert, labels } of alerts) {
    expect([alert, labels.action ?? labels.severity]).toEqual([
      alert,
      expect.stringMatching(/^(?:rollback|page|ticket)$/),
    ]);
  }
});

test('every alert names the service and the environment, and has a description', () => {
  for (const { alert, annotations } of alerts) {
    expect([alert, annotations.summary]).toEqual([alert, expect.stringContaining('hello in prod')]);
    expect(annotations.description.length).toBeGreaterThan(60);
  }
});
