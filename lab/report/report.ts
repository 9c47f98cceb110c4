import type { Teardown } from '../driver';
import type { ScenarioResult } from '../scenarios/run-scenario';
import type { ScenarioRun } from '../scenarios/run-scenarios';
import { formatNumber } from './markup';

/** `report.json` of a run. */
export interface LabReport {
  readonly version: 1;
  /** ISO 8601. */
  readonly startedAt: string;
  /** From an empty machine with compiled tools to a ready platform; absent if the lab was already up. */
  readonly bringUpSeconds?: number;
  /** Absent if the run did not tear the lab down. */
  readonly teardown?: Teardown;
  /** Why the run was aborted. */
  readonly error?: string;
  /** Problems of the HTML page, found in a browser. */
  readonly problems: readonly string[];
  /** Whether all scenarios passed, the page has no problems, and a teardown left nothing. */
  readonly passed: boolean;
  readonly scenarios: readonly ReportedScenario[];
}

export interface ReportedScenario extends Omit<ScenarioResult, 'computed'> {
  /** The worst case of lib/rollout, from the first bad response to the last; absent if nothing is computed. */
  readonly computedSeconds?: number;
  /** The best case. */
  readonly computedBestSeconds?: number;
}

export function createReport(startedAt: Date, run: ScenarioRun & { readonly problems?: readonly string[] }): LabReport {
  const { results, bringUpSeconds, teardown, error, problems = [] } = run;
  return {
    version: 1,
    startedAt: startedAt.toISOString(),
    bringUpSeconds,
    teardown,
    error,
    problems,
    passed:
      error === undefined &&
      problems.length === 0 &&
      (teardown?.left ?? []).length === 0 &&
      results.length > 0 &&
      results.every(({ passed }) => passed),
    scenarios: results.map(({ computed, ...rest }) => ({
      ...rest,
      computedSeconds: computed?.worst,
      computedBestSeconds: computed?.best,
    })),
  };
}

/** Renders the results as a table. */
export function renderResults(results: readonly ScenarioResult[]): string {
  return alignColumns([
    ['', 'scenario', 'result', 'computed s', 'measured s', 'bad', 'lost', 'took s'],
    ...results.map((result) => [
      String(result.number),
      result.name,
      result.passed ? 'passed' : 'FAILED',
      formatSpan(result),
      formatSeconds(result.measuredSeconds),
      String(result.badResponses),
      String(result.lostRequests),
      formatSeconds(result.seconds),
    ]),
  ]);
}

/** Renders the spread of scenarios that ran more than once; empty if there are none. */
export function renderSpread(results: readonly ScenarioResult[]): string {
  const rows: (readonly string[])[] = [];
  for (const name of new Set(results.map((result) => result.name))) {
    const runs = results.filter((result) => result.name === name);
    const [first] = runs;
    if (first === undefined || runs.length < 2) {
      continue;
    }
    const seconds = runs.map(({ measuredSeconds }) => measuredSeconds ?? 0);
    rows.push([
      String(first.number),
      name,
      `${runs.filter(({ passed }) => passed).length} of ${runs.length} passed`,
      formatSpan(first),
      seconds.map((each) => each.toFixed(1)).join(', '),
      (Math.max(...seconds) - Math.min(...seconds)).toFixed(1),
      runs.map(({ badResponses }) => badResponses).join(', '),
      runs.map(({ lostRequests }) => lostRequests).join(', '),
    ]);
  }
  return rows.length === 0
    ? ''
    : alignColumns([['', 'scenario', 'result', 'computed s', 'measured s', 'spread s', 'bad', 'lost'], ...rows]);
}

function formatSeconds(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(1);
}

function formatSpan({ computed }: ScenarioResult): string {
  return computed === undefined ? '-' : `${formatNumber(computed.best)}–${formatNumber(computed.worst)}`;
}

function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
