import type { Assessment } from '../arithmetic/assessment';
import { checkCount, intervalOf } from '../arithmetic/checks';
import { referenceFault } from '../demand';
import { describeRequestRate } from '../request-rate';
import { roundToTenth } from '../rounding';
import { modelCluster } from '../simulation/cluster-model';
import { type SimulatedRollout, simulate } from '../simulation/simulate';
import { describeUnboundedFaults } from './unbounded-faults';

const width = 1040;
/** Margins beside the time axis; the left one holds the labels. */
const left = 300;
const right = 40;
const colors = {
  text: '#1f2933',
  quiet: '#616e7c',
  line: '#cbd2d9',
  canary: '#2f7fbf',
  bad: '#c0392b',
  good: '#2e8b57',
  budget: '#b7791f',
};

/**
 * Draws the rollout: the weights of a healthy and of a bad release over time, and the rollback time of each fault against the budget.
 * A self-contained SVG; the same assessment gives the same bytes.
 */
export function renderTimeline(assessment: Assessment): string {
  const { plan, demand, faults } = assessment;
  const offsets = { scrapeSeconds: 0, evaluationSeconds: 0 };
  const healthy = simulate(plan, modelCluster(plan, demand, { kind: 'none' }, offsets));
  const share = referenceFault(demand.errorRateLimit);
  const bad = simulate(plan, modelCluster(plan, demand, { kind: 'errors', share, beginsAt: 0 }, offsets));
  const longest = Math.max(
    demand.rollbackBudgetSeconds,
    sinceFirstRequest(healthy, healthy.endedAt),
    ...faults.map(({ rollback }) => (Number.isFinite(rollback.worst) ? rollback.worst : 0)),
  );
  const axisSeconds = Math.ceil((longest * 1.05) / 10) * 10;
  const x = (seconds: number) => roundToTenth(left + (Math.max(0, seconds) / axisSeconds) * (width - left - right));
  const top = 84;
  const barsTop = top + 2 * 100 + 34;
  const bottom = barsTop + faults.length * 26 + 8;
  const parts = [
    text(20, 28, heading(assessment), { size: 16, weight: 600 }),
    text(20, 47, subheading(assessment), { size: 13 }),
    text(20, 64, 'seconds from the first request of the new version, or from the beginning of the fault', {
      fill: colors.quiet,
      size: 11,
    }),
    ...timeAxis(axisSeconds, x, top - 6, bottom),
    ...lane({ title: 'healthy release', run: healthy, assessment, x, top, color: colors.good }),
    ...lane({ title: `${formatPercent(share)} errors`, run: bad, assessment, x, top: top + 100, color: colors.bad }),
    text(20, barsTop - 12, 'rolled back, best case to worst case', { fill: colors.quiet, size: 12 }),
    `<line x1="${x(demand.rollbackBudgetSeconds)}" y1="${barsTop - 6}" x2="${x(demand.rollbackBudgetSeconds)}" y2="${bottom}" stroke="${colors.budget}" stroke-width="2" stroke-dasharray="6 3"/>`,
    ...faults.flatMap(({ title, rollback, reachesUsers }, index) => {
      const y = barsTop + index * 26;
      const label = text(20, y + 13, title, { size: 12 });
      if (!Number.isFinite(rollback.worst)) {
        return [label, text(left + 6, y + 13, 'not in every case', { fill: colors.bad, size: 11 })];
      }
      const over = reachesUsers && rollback.worst > demand.rollbackBudgetSeconds;
      const fill = over ? colors.bad : reachesUsers ? colors.canary : colors.line;
      return [
        label,
        bar({ from: left, to: x(rollback.best), y: y + 3, fill, opacity: 0.9 }),
        bar({ from: x(rollback.best), to: x(rollback.worst), y: y + 3, fill, opacity: 0.45 }),
        text(x(rollback.worst) + 6, y + 14, `${formatNumber(rollback.worst)} s${reachesUsers ? '' : ', no users'}`, {
          size: 11,
        }),
      ];
    }),
    text(x(demand.rollbackBudgetSeconds), barsTop - 12, `budget ${demand.rollbackBudgetSeconds} s`, {
      fill: colors.budget,
      size: 12,
      anchor: 'middle',
      weight: 600,
    }),
  ];
  const height = bottom + 34;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'DejaVu Sans', sans-serif" role="img">`,
    `<title>${escapeXml(heading(assessment))}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function heading({ plan, demand }: Assessment): string {
  const strategy = plan.strategy === 'canary' ? `Canary ${plan.steps.join(' → ')} %` : 'Blue-green';
  return `${strategy}, at ${describeRequestRate(formatNumber(demand.requestsPerSecond))}`;
}

function subheading(assessment: Assessment): string {
  const { plan, demand, worstSeconds } = assessment;
  if (plan.strategy === 'blue-green') {
    return 'No user reaches a release before its promotion.';
  }
  const limits = `for at most ${formatNumber(worstSeconds)} s; the budget is ${formatNumber(demand.rollbackBudgetSeconds)} s.`;
  const unbounded = describeUnboundedFaults(assessment);
  return unbounded === undefined
    ? `A bad release reaches users ${limits}`
    : `A ${unbounded} may be promoted. Other bad releases reach users ${limits}`;
}

function timeAxis(axisSeconds: number, x: (seconds: number) => number, from: number, to: number): readonly string[] {
  const step = [10, 20, 30, 60, 120, 300, 600, 1200, 3600].find((seconds) => axisSeconds / seconds <= 12) ?? 7200;
  return Array.from({ length: Math.floor(axisSeconds / step) + 1 }, (_, index) => index * step).flatMap((seconds) => [
    `<line x1="${x(seconds)}" y1="${from}" x2="${x(seconds)}" y2="${to}" stroke="${colors.line}" stroke-width="1"/>`,
    text(x(seconds), to + 18, `${seconds} s`, { fill: colors.quiet, size: 11, anchor: 'middle' }),
  ]);
}

/** The weight of one rollout over time, with its checks as dots, and its outcome. */
function lane({
  title,
  run,
  assessment: { plan, demand },
  x,
  top,
  color,
}: {
  readonly title: string;
  readonly run: SimulatedRollout;
  readonly assessment: Assessment;
  readonly x: (seconds: number) => number;
  readonly top: number;
  readonly color: string;
}): readonly string[] {
  const floor = top + 78;
  const full = Math.max(1, ...plan.steps);
  const y = (weight: number) => roundToTenth(floor - (weight / full) * 52);
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
  const outcome =
    run.outcome === 'promoted' ? `promoted, ${formatNumber(end)} s` : `rolled back, ${formatNumber(end)} s`;
  const labels = steps
    .filter(({ weight }, index) => weight > 0 && weight !== steps[index - 1]?.weight)
    .map(({ at, weight }) => text(x(at) + 4, y(weight) - 6, `${weight} %`, { size: 11, fill: color }));
  return [
    text(20, top + 46, title, { size: 13, weight: 600 }),
    text(
      20,
      top + 64,
      plan.strategy === 'canary'
        ? `${formatNumber(demand.requestsPerSecond)} requests/s in total`
        : 'generated requests only',
      { size: 11, fill: colors.quiet },
    ),
    `<line x1="${left}" y1="${floor}" x2="${width - right}" y2="${floor}" stroke="${colors.line}" stroke-width="1"/>`,
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
  { fill = colors.text, size = 12, weight, anchor }: TextStyle,
): string {
  const attributes = `${weight === undefined ? '' : ` font-weight="${weight}"`}${anchor === undefined ? '' : ` text-anchor="${anchor}"`}`;
  // The white outline keeps text readable where it crosses a line.
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" stroke="#ffffff" stroke-width="3" paint-order="stroke"${attributes}>${escapeXml(content)}</text>`;
}

function bar({
  from,
  to,
  y,
  fill,
  opacity,
}: {
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly fill: string;
  readonly opacity: number;
}): string {
  return `<rect x="${from}" y="${y}" width="${roundToTenth(Math.max(0, to - from))}" height="14" fill="${fill}" fill-opacity="${opacity}"/>`;
}

function formatNumber(value: number): string {
  return String(roundToTenth(value)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function formatPercent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
