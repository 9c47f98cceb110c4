import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type RuleGroup, renderRuleGroup } from '../../charts/prometheus/prometheus-rule';
import { run } from '../../lib/process';
import { toolPath } from '../../lib/tools';

/** Samples of a series, one per `interval` of the case, in the notation of promtool: `0+5x40` rises by 5 forty times. */
export interface Series {
  readonly series: string;
  readonly values: string;
}

/** A test case of promtool. */
export interface RuleCase {
  readonly name: string;
  readonly intervalSeconds: number;
  readonly series: readonly Series[];
  /** Expressions with their expected values. An empty list is an empty result. */
  readonly expressions?: readonly { readonly expr: string; readonly at: string; readonly values: readonly number[] }[];
  /** Alerts that must or must not fire at a time. */
  readonly alerts?: readonly {
    readonly alert: string;
    readonly at: string;
    readonly fires: boolean;
    readonly seriesLabels?: Readonly<Record<string, string>>;
    /** The rules of this name that fire, by the values of one label. @default the first */
    readonly only?: Readonly<Record<string, readonly string[]>>;
    /** The value that Prometheus fills into the annotations, for example `5%`. */
    readonly percentage?: string;
  }[];
  /** Labels that alerts inherit from the series. @default none */
  readonly seriesLabels?: Readonly<Record<string, string>>;
}

/** Runs `promtool check rules`, then `promtool test rules`. Returns the output of promtool if it fails, otherwise an empty string. */
export async function promtool(
  groups: readonly RuleGroup[],
  cases: readonly RuleCase[],
  evaluationSeconds = 5,
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'bowline-promtool-'));
  const runPromtool = (...words: readonly string[]) =>
    run({ program: toolPath('promtool'), arguments: words, directory, timeoutSeconds: 600 });
  try {
    writeFileSync(join(directory, 'rules.yaml'), stringify({ groups: groups.map(renderRuleGroup) }));
    const checked =
      groups.length === 0 ? undefined : await runPromtool('check', 'rules', '--lint=all', '--lint-fatal', 'rules.yaml');
    if (checked !== undefined && checked.exitCode !== 0) {
      return checked.stdout + checked.stderr;
    }
    if (cases.length === 0) {
      return '';
    }
    writeFileSync(
      join(directory, 'cases.yaml'),
      stringify(caseFile(groups, cases, evaluationSeconds), { aliasDuplicateObjects: false }),
    );
    const tested = await runPromtool('test', 'rules', 'cases.yaml');
    return tested.exitCode === 0 ? '' : tested.stdout + tested.stderr;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function caseFile(groups: readonly RuleGroup[], cases: readonly RuleCase[], evaluationSeconds: number) {
  return {
    rule_files: ['rules.yaml'],
    evaluation_interval: `${evaluationSeconds}s`,
    // Without an order, promtool may evaluate alerts before the series that they need are recorded.
    group_eval_order: groups.map(({ name }) => name),
    tests: cases.map(({ name, intervalSeconds, series, expressions = [], alerts = [], seriesLabels = {} }) => ({
      name,
      interval: `${intervalSeconds}s`,
      input_series: series,
      promql_expr_test: expressions.map(({ expr, at, values }) => ({
        // A ratio of 1 may be 0.9999999999999999.
        expr: `round(${expr}, 1e-6)`,
        eval_time: at,
        exp_samples: values.map((value) => ({ labels: '{}', value })),
      })),
      alert_rule_test: alerts.map(({ alert, at, fires, percentage, only, seriesLabels: labels = seriesLabels }) => ({
        alertname: alert,
        eval_time: at,
        exp_alerts: fires ? expectedAlerts({ groups, alert, seriesLabels: labels, percentage, only }) : [],
      })),
    })),
  };
}

interface ExpectedAlert {
  readonly groups: readonly RuleGroup[];
  readonly alert: string;
  readonly seriesLabels: Readonly<Record<string, string>>;
  readonly percentage: string | undefined;
  readonly only: Readonly<Record<string, readonly string[]>> | undefined;
}

/** The expected alerts of the rules with a name, in the format of promtool. */
function expectedAlerts({ groups, alert, seriesLabels, percentage, only }: ExpectedAlert) {
  const named = groups
    .flatMap(({ rules }) => rules)
    .flatMap((rule) => ('alert' in rule && rule.alert === alert ? [rule] : []));
  const firing =
    only === undefined
      ? named.slice(0, 1)
      : named.filter(({ labels }) =>
          Object.entries(only).every(([label, values]) => values.includes(labels[label] ?? '')),
        );
  if (firing.length === 0) {
    throw new Error(`no rule has the name ${alert}`);
  }
  return firing.map(({ labels, annotations: { summary, description } }) => ({
    exp_labels: { ...seriesLabels, ...labels },
    exp_annotations: {
      summary,
      description:
        percentage === undefined ? description : description.replace('{{ humanizePercentage $value }}', percentage),
    },
  }));
}
