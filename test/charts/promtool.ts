import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type RuleGroup, ruleGroup } from '../../charts/prometheus/prometheus-rule';
import { run } from '../../lib/process';
import { toolPath } from '../../lib/tools';

/** Samples of one series, a value every `interval` of the case; promtool's notation: `0+5x40` rises by 5, forty times. */
export interface Series {
  readonly series: string;
  readonly values: string;
}

export interface RuleCase {
  readonly name: string;
  readonly intervalSeconds: number;
  readonly series: readonly Series[];
  /** Expressions with the values that they have; an empty list: no answer at all. */
  readonly expressions?: readonly { readonly expr: string; readonly at: string; readonly values: readonly number[] }[];
  /** Names of the alerts that fire, and when. */
  readonly alerts?: readonly {
    readonly alert: string;
    readonly at: string;
    readonly fires: boolean;
    readonly seriesLabels?: Readonly<Record<string, string>>;
  }[];
  /** Labels that the alerts get from the series, where they do not say otherwise. */
  readonly seriesLabels?: Readonly<Record<string, string>>;
}

/** Runs `promtool check rules`, then `promtool test rules`. Answers with what promtool had to say, or nothing. */
export async function promtool(
  groups: readonly RuleGroup[],
  cases: readonly RuleCase[],
  evaluationSeconds = 5,
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'bowline-promtool-'));
  const promtoolRun = (...words: readonly string[]) =>
    run({ program: toolPath('promtool'), arguments: words, directory, timeoutSeconds: 60 });
  try {
    writeFileSync(join(directory, 'rules.yaml'), stringify({ groups: groups.map(ruleGroup) }));
    const checked = await promtoolRun('check', 'rules', '--lint=all', '--lint-fatal', 'rules.yaml');
    if (checked.exitCode !== 0) {
      return checked.stdout + checked.stderr;
    }
    if (cases.length === 0) {
      return '';
    }
    writeFileSync(
      join(directory, 'cases.yaml'),
      stringify(caseFile(groups, cases, evaluationSeconds), { aliasDuplicateObjects: false }),
    );
    const tested = await promtoolRun('test', 'rules', 'cases.yaml');
    return tested.exitCode === 0 ? '' : tested.stdout + tested.stderr;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function caseFile(groups: readonly RuleGroup[], cases: readonly RuleCase[], evaluationSeconds: number) {
  return {
    rule_files: ['rules.yaml'],
    evaluation_interval: `${evaluationSeconds}s`,
    // Otherwise promtool takes any order, and alerts may be asked before the records that they are about.
    group_eval_order: groups.map(({ name }) => name),
    tests: cases.map(({ name, intervalSeconds, series, expressions = [], alerts = [], seriesLabels = {} }) => ({
      name,
      interval: `${intervalSeconds}s`,
      input_series: series,
      promql_expr_test: expressions.map(({ expr, at, values }) => ({
        // A share of 1 may be 0.9999999999999999.
        expr: `round(${expr}, 1e-6)`,
        eval_time: at,
        exp_samples: values.map((value) => ({ labels: '{}', value })),
      })),
      alert_rule_test: alerts.map(({ alert, at, fires, seriesLabels: own = seriesLabels }) => ({
        alertname: alert,
        eval_time: at,
        exp_alerts: fires ? firing(groups, alert, own) : [],
      })),
    })),
  };
}

/** The rules of that name, as promtool wants an alert described. */
function firing(groups: readonly RuleGroup[], alert: string, seriesLabels: Readonly<Record<string, string>>) {
  const [first] = groups
    .flatMap(({ rules }) => rules)
    .flatMap((rule) => ('alert' in rule && rule.alert === alert ? [rule] : []));
  if (first === undefined) {
    throw new Error(`there is no rule ${alert}`);
  }
  return [{ exp_labels: { ...seriesLabels, ...first.labels }, exp_annotations: first.annotations }];
}
