import type { FaultName } from '../../lib/rollout';
import { short } from './markup';
import type { LabReport } from './report';

/** One playing of a scenario, as docs/how-to/lab.md quotes it (docs/data/lab-figures.json). */
export interface Figure {
  /** When the run began: ISO 8601. */
  readonly run: string;
  readonly number: number;
  readonly name: string;
  readonly passed: boolean;
  /** Which of the assessment's faults the computed times are of. */
  readonly fault?: FaultName;
  readonly computedBestSeconds?: number;
  readonly computedSeconds?: number;
  readonly measuredSeconds?: number;
  /** From a commit, or from `bowline rollback`, to everybody having it. */
  readonly wholeWaySeconds?: number;
  readonly badAnswers: number;
  readonly lostAnswers: number;
  /** Requests that users made meanwhile. */
  readonly answers: number;
}

/** What is quoted of a run. */
export function figuresOf({ startedAt, scenarios }: LabReport): readonly Figure[] {
  return scenarios.map((scenario) => {
    // Going back begins with a promotion of its own: the last is the one meant.
    const said = scenario.journal.map(
      ({ text }) => /^from (?:commit|bowline rollback) to promoted ([\d.]+) s$/.exec(text)?.[1],
    );
    const promoted = said.findLast((text) => text !== undefined);
    return {
      run: startedAt,
      number: scenario.number,
      name: scenario.name,
      passed: scenario.passed,
      ...(scenario.fault === undefined ? {} : { fault: scenario.fault }),
      ...(scenario.computedSeconds === undefined
        ? {}
        : { computedBestSeconds: scenario.computedBestSeconds, computedSeconds: scenario.computedSeconds }),
      ...(scenario.measuredSeconds === undefined ? {} : { measuredSeconds: scenario.measuredSeconds }),
      ...(promoted === undefined ? {} : { wholeWaySeconds: Number(promoted) }),
      badAnswers: scenario.badAnswers,
      lostAnswers: scenario.lostAnswers,
      answers: scenario.answers.reduce((sum, { count }) => sum + count, 0),
    };
  });
}

/** A Markdown table of all scenarios: each measured time beside the computed span. */
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
        spanText(runs),
        seconds.length === 0 ? '–' : seconds.map((each) => each.toFixed(1)).join(', '),
        seconds.length < 2 ? '' : (Math.max(...seconds) - Math.min(...seconds)).toFixed(1),
        runs.map(({ badAnswers }) => badAnswers).join(', '),
        runs.map(({ lostAnswers }) => lostAnswers).join(', '),
        runs.map(({ answers }) => answers).join(', '),
      ];
    });
  return markdown(
    ['', 'Scenario', 'Passed', 'Computed, s', 'Measured, s', 'Spread', 'Bad answers', 'Lost answers', 'Requests'],
    rows,
  );
}

/** A Markdown table of what the project starts from: minutes to production, 47 minutes to restore made under 3. */
export function promiseTable(figures: readonly Figure[]): string {
  const seconds = (name: string) =>
    rangeText(figures.filter((figure) => figure.name === name).flatMap(({ measuredSeconds = [] }) => measuredSeconds));
  const wholeWay = (name: string) =>
    figures.filter((figure) => figure.name === name).flatMap(({ wholeWaySeconds = [] }) => wholeWaySeconds);
  const promoted = wholeWay('good release');
  const minutes = Math.ceil((15 * Math.max(...promoted)) / 60);
  return markdown(
    ['', 'The article', 'Here'],
    [
      ['From commit to promoted', 'minutes', `${rangeText(promoted)} s`],
      ['Releases', '15 a day', `15 one after another take ${minutes} minutes`],
      ['Time to restore: errors', 'under 3 minutes', `${seconds('errors')} s, by itself`],
      ['… slow answers', '', `${seconds('slow')} s, by itself`],
      ['… a crash loop', '', `${seconds('crash loop')} s, by itself`],
      ['… after promotion, by hand', '', `${rangeText(wholeWay('bowline rollback'))} s from \`bowline rollback\` on`],
    ],
  );
}

/** Of all runs: pods that start late, and how long Flagger was away, are part of what is computed for one. */
function spanText(figures: readonly Figure[]): string {
  const worst = figures.flatMap(({ computedSeconds = [] }) => computedSeconds);
  const best = figures.flatMap(({ computedBestSeconds = [] }) => computedBestSeconds);
  return worst.length === 0 ? '–' : `${short(Math.min(...best))}–${short(Math.max(...worst))}`;
}

function rangeText(values: readonly number[]): string {
  const [low, high] = [Math.min(...values).toFixed(1), Math.max(...values).toFixed(1)];
  return low === high ? low : `${low} to ${high}`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
