import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertingRule } from '../../../../charts/prometheus/alerting-rule';
import { ruleGroups } from '../../../../charts/service/alerts/alert-rules';
import { planOf } from '../../../../lib/rollout';
import { serviceOf } from '../../../ledger/fixtures';

const service = serviceOf('hello', 'prod', { agent: true, rollback: { budgetSeconds: 65, plan: 'fast' } });
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
  const path = join(__dirname, '..', '..', '..', '..', 'docs', 'reference', 'manifests.md');
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

test('alerts name the directory in which a command of bowline works', () => {
  const commands = alerts.flatMap(({ annotations }) => [
    ...annotations.description.matchAll(/(?<place>.{0,60})bowline (?:rollback|history)/g),
  ]);
  expect(commands.length).toBeGreaterThan(5);
  for (const { groups } of commands) {
    expect(groups?.place).toMatch(/(?:in a checkout of the platform repository, run|run there): npx $/);
  }
});

test('the texts fit the settings of the service: with or without the agent, canary or blue-green', () => {
  const textsOf = (agent: boolean, plan: 'fast' | 'blue-green') => {
    const given = serviceOf('hello', 'prod', { agent, rollback: { budgetSeconds: 65, plan } });
    return JSON.stringify(ruleGroups(given, planOf(given)));
  };
  expect(textsOf(true, 'fast')).toContain('Flagger rolls the release back at its next check.');
  expect(textsOf(false, 'fast')).toContain('failed checks roll the release back, not this alert.');
  expect(textsOf(false, 'fast')).not.toContain('at its next check');
  expect(textsOf(false, 'fast')).toContain('rolls a slow release back within 65 s');
  expect(textsOf(false, 'blue-green')).not.toMatch(/rolls a slow release back|Traffic is frozen/);
});
