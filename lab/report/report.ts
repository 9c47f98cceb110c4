import type { TakeDown } from '../driver';
import type { ScenarioResult } from '../scenarios/run-scenario';
import { short } from './markup';

/** `report.json` of a run. */
export interface LabReport {
  readonly version: 1;
  /** ISO 8601. */
  readonly startedAt: string;
  /** From nothing to a ready platform, tools built; absent where the lab was up already. */
  readonly bringUpSeconds?: number;
  /** Where the lab was taken down at the end: what there was of it by kind, and what is left. */
  readonly takenDown?: TakeDown;
  /** Why the run broke off before its end. */
  readonly error?: string;
  /** What a browser, and whoever looks through it, finds wrong with the page. */
  readonly problems: readonly string[];
  /** Whether all scenarios that were asked for passed, their page can be read, and nothing of the lab is left where it was taken down. */
  readonly passed: boolean;
  readonly scenarios: readonly ReportedScenario[];
}

export interface ReportedScenario extends Omit<ScenarioResult, 'computed'> {
  /** The worst case of lib/rollout, from the first bad answer to the last; absent where nothing is computed. */
  readonly computedSeconds?: number;
  /** The best case. */
  readonly computedBestSeconds?: number;
}

export function reportOf(
  startedAt: Date,
  results: readonly ScenarioResult[],
  {
    bringUpSeconds,
    takenDown,
    error,
    problems = [],
  }: Partial<Omit<LabReport, 'version' | 'startedAt' | 'passed' | 'scenarios'>> = {},
): LabReport {
  return {
    version: 1,
    startedAt: startedAt.toISOString(),
    ...(bringUpSeconds === undefined ? {} : { bringUpSeconds }),
    ...(takenDown === undefined ? {} : { takenDown }),
    ...(error === undefined ? {} : { error }),
    problems,
    passed:
      error === undefined &&
      problems.length === 0 &&
      (takenDown?.left ?? []).length === 0 &&
      results.length > 0 &&
      results.every(({ passed }) => passed),
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
      result.computed === undefined ? '-' : `${short(result.computed.best)}–${short(result.computed.worst)}`,
      seconds(result.measuredSeconds),
      String(result.badAnswers),
      String(result.lostAnswers),
      seconds(result.seconds),
    ]),
  ];
  return aligned(rows);
}

/** For scenarios that were played more than once: how far their times and bad answers lie apart. Empty where none was. */
export function spreadTable(results: readonly ScenarioResult[]): string {
  const names = [...new Set(results.map(({ name }) => name))];
  const rows = names.flatMap((name) => {
    const runs = results.filter((result) => result.name === name);
    const seconds = runs.map(({ measuredSeconds }) => measuredSeconds ?? 0);
    const [first] = runs;
    return runs.length < 2 || first === undefined
      ? []
      : [
          [
            String(first.number),
            name,
            `${runs.filter(({ passed }) => passed).length} of ${runs.length} passed`,
            first.computed === undefined ? '-' : `${short(first.computed.best)}–${short(first.computed.worst)}`,
            seconds.map((each) => each.toFixed(1)).join(', '),
            (Math.max(...seconds) - Math.min(...seconds)).toFixed(1),
            runs.map(({ badAnswers }) => badAnswers).join(', '),
            runs.map(({ lostAnswers }) => lostAnswers).join(', '),
          ],
        ];
  });
  return rows.length === 0
    ? ''
    : aligned([['', 'scenario', 'result', 'computed s', 'measured s', 'spread s', 'bad', 'lost'], ...rows]);
}

function aligned(rows: readonly (readonly string[])[]): string {
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
