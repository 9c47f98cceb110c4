import type { FaultName } from '../../lib/rollout';
import { formatNumber } from './markup';
import type { LabReport, ReportedScenario } from './report';

/** One run of a scenario in docs/data/lab-figures.json, which docs/how-to/lab.md quotes. */
export interface Figure {
  /** Start of the run: ISO 8601. */
  readonly run: string;
  readonly number: number;
  readonly name: string;
  readonly passed: boolean;
  /** The fault of the assessment that the computed times belong to. */
  readonly fault?: FaultName;
  readonly computedBestSeconds?: number;
  readonly computedSeconds?: number;
  readonly measuredSeconds?: number;
  /** From the commit, or from `bowline rollback`, to the promotion. */
  readonly endToEndSeconds?: number;
  readonly badResponses: number;
  readonly lostRequests: number;
  readonly requests: number;
}

/** The figures of one report. */
export function figuresOf({ startedAt, scenarios }: LabReport): readonly Figure[] {
  return scenarios.map((scenario) => ({
    run: startedAt,
    number: scenario.number,
    name: scenario.name,
    passed: scenario.passed,
    fault: scenario.fault,
    computedBestSeconds: scenario.computedBestSeconds,
    computedSeconds: scenario.computedSeconds,
    measuredSeconds: scenario.measuredSeconds,
    endToEndSeconds: endToEndSeconds(scenario),
    badResponses: scenario.badResponses,
    lostRequests: scenario.lostRequests,
    requests: scenario.responses.reduce((sum, { count }) => sum + count, 0),
  }));
}

/** The rollback scenario starts with a promotion of its own, so the last journal entry counts. */
function endToEndSeconds({ journal }: ReportedScenario): number | undefined {
  const times = journal.flatMap(
    ({ text }) => /^from (?:commit|bowline rollback) to promoted ([\d.]+) s$/.exec(text)?.[1] ?? [],
  );
  const last = times.at(-1);
  return last === undefined ? undefined : Number(last);
}

/** Renders a Markdown table with one row per scenario. */
export function figuresTable(figures: readonly Figure[]): string {
  const names = [...new Set(figures.map(({ name }) => name))];
  const rows = names
    .map((name) => figures.filter((figure) => figure.name === name))
    .sort(([a], [b]) => (a?.number ?? 0) - (b?.number ?? 0))
    .map((runs) => {
      const [first] = runs;
      const seconds = runs.flatMap(({ measuredSeconds = [] }) => measuredSeconds);
      return [
        String(first?.number),
        first?.name ?? '',
        `${runs.filter(({ passed }) => passed).length} of ${runs.length}`,
        formatSpan(runs),
        seconds.length === 0 ? '–' : seconds.map((each) => each.toFixed(1)).join(', '),
        seconds.length < 2 ? '' : (Math.max(...seconds) - Math.min(...seconds)).toFixed(1),
        runs.map(({ badResponses }) => badResponses).join(', '),
        runs.map(({ lostRequests }) => lostRequests).join(', '),
        runs.map(({ requests }) => requests).join(', '),
      ];
    });
  return markdownTable(
    ['', 'Scenario', 'Passed', 'Computed, s', 'Measured, s', 'Spread', 'Bad responses', 'Lost requests', 'Requests'],
    rows,
  );
}

/** Renders a Markdown table of the promised and the measured figures. Promised: releases in minutes, and time to restore under 3 minutes, where it was 47. */
export function promiseTable(figures: readonly Figure[]): string {
  const runsOf = (name: string) => figures.filter((figure) => figure.name === name);
  const measured = (name: string) => formatRange(runsOf(name).flatMap(({ measuredSeconds = [] }) => measuredSeconds));
  const endToEnd = (name: string) => runsOf(name).flatMap(({ endToEndSeconds: seconds = [] }) => seconds);
  const promotions = endToEnd('good release');
  const minutes = Math.ceil((15 * Math.max(...promotions)) / 60);
  return markdownTable(
    ['', 'Promise', 'Measured'],
    [
      ['From commit to promoted', 'minutes', `${formatRange(promotions)} s`],
      ['Releases', '15 a day', `15 in sequence take ${minutes} minutes`],
      ['Time to restore: errors', 'under 3 minutes', `${measured('errors')} s, automatically`],
      ['… slow responses', '', `${measured('slow')} s, automatically`],
      ['… all pods crash and stay down', '', `${measured('crash loop')} s, automatically`],
      [
        '… after promotion, manually',
        '',
        `${formatRange(endToEnd('bowline rollback'))} s from \`bowline rollback\` on`,
      ],
    ],
  );
}

/** The span over all runs: the computed times of a run include slow pod starts and the time that Flagger was down. */
function formatSpan(figures: readonly Figure[]): string {
  const worst = figures.flatMap(({ computedSeconds = [] }) => computedSeconds);
  const best = figures.flatMap(({ computedBestSeconds = [] }) => computedBestSeconds);
  return worst.length === 0 ? '–' : `${formatNumber(Math.min(...best))}–${formatNumber(Math.max(...worst))}`;
}

function formatRange(values: readonly number[]): string {
  const [low, high] = [Math.min(...values).toFixed(1), Math.max(...values).toFixed(1)];
  return low === high ? low : `${low} to ${high}`;
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
