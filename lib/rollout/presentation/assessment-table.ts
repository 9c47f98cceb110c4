import type { Assessment } from '../arithmetic/assessment';
import { checkOverheadSeconds } from '../arithmetic/checks';
import type { Span } from '../arithmetic/rollback-times';
import { falseRollbackBound, missedFaultBound } from '../demand';
import { roundToTenth } from '../rounding';

/** The assessment for a terminal: aligned plain text of at most 110 columns, except for formulas. */
export function renderAssessmentTable(assessment: Assessment): string {
  const { plan, demand, checks, faults, promote, falseRollback, missedFault, passedByChance, samplesNeeded } =
    assessment;
  const lines = [
    `${plan.strategy === 'canary' ? `Canary ${plan.steps.join(' → ')} %` : `Blue-green, ${plan.syntheticRequestsPerSecond ?? 0} generated requests per second`} at ${formatNumber(demand.requestsPerSecond)} requests per second`,
    `  scrape s = ${plan.scrapeSeconds} s, window W = ${plan.windowSeconds} s, check every I = ${plan.intervalSeconds} s, threshold T = ${plan.threshold}, deadline D = ${plan.progressDeadlineSeconds} s, alert hook ${plan.alertHook ? 'on' : 'off'}, check overhead w = ${checkOverheadSeconds} s`,
    '',
    ...columns([
      ['Fault', 'rolled back after', 'requests', 'worst case'],
      ...faults.map(({ title, rollback, requests, formula }) => [
        title,
        formatSpan(rollback),
        formatRequests(requests),
        formula,
      ]),
    ]),
    '',
    ...columns([
      ['Check', 'weight', 'after', 'samples', ''],
      ...checks.map((check) => [
        String(check.number),
        plan.strategy === 'canary' ? `${check.weight} %` : '-',
        `${check.atSeconds} s`,
        formatNumber(Math.floor(check.samples)),
        check.judgesLatency ? 'checks errors and p99' : `checks errors; p99 needs ${samplesNeeded}`,
      ]),
    ]),
    '',
    ...columns([
      [
        'Longest exposure',
        `${formatNumber(assessment.worstSeconds)} s`,
        `budget ${demand.rollbackBudgetSeconds} s: ${assessment.worstSeconds <= demand.rollbackBudgetSeconds ? 'met' : 'EXCEEDED'}`,
      ],
      ['Promotion of a healthy release', formatSpan(promote), 'from the new revision in the cluster'],
      [
        'Watched',
        `${formatNumber(assessment.watchedSeconds)} s`,
        "after the first request; a fault that begins later is promoted, and left to the service's alerts",
      ],
      ['False rollback', formatProbability(falseRollback), `bound ${formatProbability(falseRollbackBound)}`],
      [
        'Missed: five times the errors',
        formatProbability(missedFault.errors),
        `bound ${formatProbability(missedFaultBound)}`,
      ],
      [
        'Missed: five times the slow requests',
        formatProbability(missedFault.slow),
        `bound ${formatProbability(missedFaultBound)}`,
      ],
      [
        'First check passed by chance',
        formatProbability(Math.max(passedByChance.errors, passedByChance.slow)),
        `where bad requests are random: adds ${plan.intervalSeconds} s; the worst cases assume a fault that every window shows`,
      ],
    ]),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

function formatSpan({ best, worst }: Span): string {
  if (!Number.isFinite(best)) {
    return 'never';
  }
  return best === worst
    ? `${formatNumber(worst)} s`
    : `${formatNumber(best)} to ${Number.isFinite(worst) ? `${formatNumber(worst)} s` : 'never'}`;
}

function formatRequests({ worst }: Span): string {
  return Number.isFinite(worst) ? (worst === 0 ? 'none' : `up to ${formatNumber(Math.ceil(worst))}`) : 'all';
}

function formatProbability(value: number): string {
  return value < 0.00005 ? 'under 0.01 %' : `${Number((value * 100).toPrecision(2))} %`;
}

/** A number with commas between thousands, in every locale. */
function formatNumber(value: number): string {
  const [whole = '0', fraction] = String(roundToTenth(value)).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
