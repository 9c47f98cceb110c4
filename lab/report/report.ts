import type { ScenarioResult } from '../scenarios/play';

/** `report.json` of a run. */
export interface LabReport {
  readonly version: 1;
  /** ISO 8601. */
  readonly startedAt: string;
  /** From nothing to a ready platform, tools built; absent where the lab was up already. */
  readonly bringUpSeconds?: number;
  readonly passed: boolean;
  readonly scenarios: readonly ReportedScenario[];
}

export interface ReportedScenario extends Omit<ScenarioResult, 'computed'> {
  /** The worst case of lib/rollout, from the first bad answer to the last; absent where nothing is computed. */
  readonly computedSeconds?: number;
  /** The best case. */
  readonly computedBestSeconds?: number;
}

export function reportOf(startedAt: Date, results: readonly ScenarioResult[], bringUpSeconds?: number): LabReport {
  return {
    version: 1,
    startedAt: startedAt.toISOString(),
    ...(bringUpSeconds === undefined ? {} : { bringUpSeconds }),
    passed: results.every(({ passed }) => passed),
    scenarios: results.map(({ computed, ...rest }) => ({
      ...rest,
      ...(computed === undefined ? {} : { computedSeconds: computed.worst, computedBestSeconds: computed.best }),
    })),
  };
}

/** The table for people. */
export function resultTable(results: readonly ScenarioResult[]): string {
  const seconds = (value: number | undefined) => (value === undefined ? '-' : value.toFixed(1));
  const rows = [
    ['', 'scenario', 'result', 'computed s', 'measured s', 'bad', 'lost', 'took s'],
    ...results.map((result) => [
      String(result.number),
      result.name,
      result.passed ? 'passed' : 'FAILED',
      result.computed === undefined ? '-' : `${result.computed.best}–${result.computed.worst}`,
      seconds(result.measuredSeconds),
      String(result.badAnswers),
      String(result.lostAnswers),
      seconds(result.seconds),
    ]),
  ];
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
