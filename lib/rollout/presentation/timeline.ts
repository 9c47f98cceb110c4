import type { Assessment } from '../arithmetic/assessment';
import { checkCount, intervalOf } from '../arithmetic/checks';
import { referenceFault } from '../demand';
import { modelCluster } from '../simulation/cluster-model';
import { type SimulatedRollout, simulate } from '../simulation/simulate';

const width = 1040;
const left = 300;
const right = 40;
const ink = {
  text: '#1f2933',
  quiet: '#616e7c',
  line: '#cbd2d9',
  canary: '#2f7fbf',
  bad: '#c0392b',
  good: '#2e8b57',
  budget: '#b7791f',
};

/**
 * The rollout as a picture: weights of a healthy and of a bad release over time, and the time of each fault against the budget.
 * A self-contained SVG, the same bytes for the same assessment.
 */
export function renderTimeline(assessment: Assessment): string {
  const { plan, demand, faults } = assessment;
  const phases = { scrapeSeconds: 0, evaluationSeconds: 0 };
  const healthy = simulate(plan, modelCluster(plan, demand, { kind: 'none' }, phases));
  const share = referenceFault(demand.errorRateLimit);
  const bad = simulate(plan, modelCluster(plan, demand, { kind: 'errors', share, beginsAt: 0 }, phases));
  const longest = Math.max(
    demand.rollbackBudgetSeconds,
    sinceFirstRequest(healthy, healthy.endedAt),
    ...faults.map(({ rollback }) => (Number.isFinite(rollback.worst) ? rollback.worst : 0)),
  );
  const span = Math.ceil((longest * 1.05) / 10) * 10;
  const x = (seconds: number) => round(left + (Math.max(0, seconds) / span) * (width - left - right));
  const top = 84;
  const barsTop = top + 2 * 100 + 34;
  const bottom = barsTop + faults.length * 26 + 8;
  const parts = [
    text(20, 28, heading(assessment), { size: 16, weight: 600 }),
    text(20, 47, promise(assessment), { size: 13 }),
    text(20, 64, 'seconds from the first request of the new version, or from the beginning of the fault', {
      fill: ink.quiet,
      size: 11,
    }),
    ...axis(span, x, top - 6, bottom),
    ...lane('healthy release', healthy, assessment, x, top, ink.good),
    ...lane(`${percent(share)} errors`, bad, assessment, x, top + 100, ink.bad),
    text(20, barsTop - 12, 'rolled back, best to worst case', { fill: ink.quiet, size: 12 }),
    `<line x1="${x(demand.rollbackBudgetSeconds)}" y1="${barsTop - 6}" x2="${x(demand.rollbackBudgetSeconds)}" y2="${bottom}" stroke="${ink.budget}" stroke-width="2" stroke-dasharray="6 3"/>`,
    ...faults.flatMap(({ title, rollback, reachesUsers }, index) => {
      const y = barsTop + index * 26;
      const label = text(20, y + 13, title, { size: 12 });
      if (!Number.isFinite(rollback.worst)) {
        return [label, text(left + 6, y + 13, 'not in every case', { fill: ink.bad, size: 11 })];
      }
      const over = reachesUsers && rollback.worst > demand.rollbackBudgetSeconds;
      const fill = over ? ink.bad : reachesUsers ? ink.canary : ink.line;
      return [
        label,
        rect(left, y + 3, x(rollback.best) - left, 14, fill, 0.9),
        rect(x(rollback.best), y + 3, x(rollback.worst) - x(rollback.best), 14, fill, 0.45),
        text(x(rollback.worst) + 6, y + 14, `${number(rollback.worst)} s${reachesUsers ? '' : ', no users'}`, {
          size: 11,
        }),
      ];
    }),
    text(x(demand.rollbackBudgetSeconds), barsTop - 12, `budget ${demand.rollbackBudgetSeconds} s`, {
      fill: ink.budget,
      size: 12,
      anchor: 'middle',
      weight: 600,
    }),
  ];
  const height = bottom + 34;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'DejaVu Sans', sans-serif" role="img">`,
    `<title>${escaped(heading(assessment))}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function heading({ plan, demand }: Assessment): string {
  const how = plan.strategy === 'canary' ? `Canary ${plan.steps.join(' → ')} %` : 'Blue-green';
  return `${how}, at ${number(demand.requestsPerSecond)} requests a second`;
}

function promise({ plan, demand, worstSeconds }: Assessment): string {
  return plan.strategy === 'canary'
    ? `Users meet a bad release for ${number(worstSeconds)} s at most, budget ${number(demand.rollbackBudgetSeconds)} s.`
    : 'No user meets a release before it is promoted.';
}

function axis(span: number, x: (seconds: number) => number, from: number, to: number): readonly string[] {
  const step = [10, 20, 30, 60, 120, 300, 600, 1200, 3600].find((seconds) => span / seconds <= 12) ?? 7200;
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step).flatMap((seconds) => [
    `<line x1="${x(seconds)}" y1="${from}" x2="${x(seconds)}" y2="${to}" stroke="${ink.line}" stroke-width="1"/>`,
    text(x(seconds), to + 18, `${seconds} s`, { fill: ink.quiet, size: 11, anchor: 'middle' }),
  ]);
}

/** Weight over time, the checks as dots, and how it ended. */
function lane(
  title: string,
  run: SimulatedRollout,
  { plan, demand }: Assessment,
  x: (seconds: number) => number,
  top: number,
  color: string,
): readonly string[] {
  const floor = top + 78;
  const full = Math.max(1, ...plan.steps);
  const y = (weight: number) => round(floor - (weight / full) * 52);
  const steps = run.weights.map(({ at, weight }) => ({ at: sinceFirstRequest(run, at), weight }));
  const points = steps.flatMap(({ at, weight }, index) => [
    `${x(at)},${y(steps[index - 1]?.weight ?? 0)}`,
    `${x(at)},${y(weight)}`,
  ]);
  const interval = intervalOf(plan);
  const end = sinceFirstRequest(run, run.endedAt);
  const checks = Array.from(
    { length: run.outcome === 'promoted' ? checkCount(plan) : Math.max(0, Math.round(end / interval) - 1) },
    (_, index) => (index + 1) * interval,
  );
  const outcome = run.outcome === 'promoted' ? `promoted, ${number(end)} s` : `rolled back, ${number(end)} s`;
  const labels = steps
    .filter(({ weight }, index) => weight > 0 && weight !== steps[index - 1]?.weight)
    .map(({ at, weight }) => text(x(at) + 4, y(weight) - 6, `${weight} %`, { size: 11, fill: color }));
  return [
    text(20, top + 46, title, { size: 13, weight: 600 }),
    text(
      20,
      top + 64,
      plan.strategy === 'canary' ? `${number(demand.requestsPerSecond)} requests/s in all` : 'generated requests only',
      { size: 11, fill: ink.quiet },
    ),
    `<line x1="${left}" y1="${floor}" x2="${width - right}" y2="${floor}" stroke="${ink.line}" stroke-width="1"/>`,
    `<polyline points="${points.join(' ')}" fill="${color}" fill-opacity="0.12" stroke="${color}" stroke-width="2"/>`,
    ...labels,
    ...checks.map(
      (at) =>
        `<circle cx="${x(at)}" cy="${floor}" r="4" fill="${run.outcome === 'promoted' ? color : '#ffffff'}" stroke="${color}" stroke-width="2"/>`,
    ),
    `<line x1="${x(end)}" y1="${top + 14}" x2="${x(end)}" y2="${floor}" stroke="${color}" stroke-width="2"/>`,
    x(end) > width - 170
      ? text(x(end) - 6, top + 12, outcome, { size: 12, fill: color, weight: 600, anchor: 'end' })
      : text(x(end) + 6, top + 24, outcome, { size: 12, fill: color, weight: 600 }),
  ];
}

function sinceFirstRequest(run: SimulatedRollout, at: number): number {
  return at - (run.firstRequestAt ?? 0);
}

interface TextStyle {
  readonly fill?: string;
  readonly size?: number;
  readonly weight?: number;
  readonly anchor?: 'middle' | 'end';
}

function text(
  x: number,
  y: number,
  content: string,
  { fill = ink.text, size = 12, weight, anchor }: TextStyle,
): string {
  const more = `${weight === undefined ? '' : ` font-weight="${weight}"`}${anchor === undefined ? '' : ` text-anchor="${anchor}"`}`;
  // A white edge keeps words readable where they cross a line.
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" stroke="#ffffff" stroke-width="3" paint-order="stroke"${more}>${escaped(content)}</text>`;
}

function rect(x: number, y: number, wide: number, high: number, fill: string, opacity: number): string {
  return `<rect x="${x}" y="${y}" width="${round(Math.max(0, wide))}" height="${high}" fill="${fill}" fill-opacity="${opacity}"/>`;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

function number(value: number): string {
  return String(round(value)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
