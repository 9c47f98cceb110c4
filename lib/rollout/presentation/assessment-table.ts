import type { Assessment } from '../arithmetic/assessment';
import { checkOverheadSeconds, intervalOf } from '../arithmetic/checks';
import type { Span } from '../arithmetic/rollback-times';
import { falseRollbackBound, missedFaultBound } from '../demand';
import { describeRequestRate } from '../request-rate';
import { roundToTenth } from '../rounding';
import { describeUnboundedFaults } from './unbounded-faults';

/** The assessment for a terminal: aligned plain text of at most 110 columns, except for formulas. */
export function renderAssessmentTable(assessment: Assessment): string {
  const { plan, demand, checks, faults, promote, falseRollback, missedFault, passedByChance, samplesNeeded } =
    assessment;
  const lines = [
    `${plan.strategy === 'canary' ? `Canary ${plan.steps.join(' → ')} %` : `Blue-green, ${plan.syntheticRequestsPerSecond ?? 0} generated requests per second`} at ${describeRequestRate(formatNumber(demand.requestsPerSecond))}`,
    `  scrape s = ${plan.scrapeSeconds} s, window W = ${plan.windowSeconds} s, check every I = ${plan.intervalSeconds} s, threshold T = ${plan.threshold}, deadline D = ${plan.progressDeadlineSeconds} s, rollback hook ${plan.alertHook ? 'on' : 'off'}, check overhead w = ${checkOverheadSeconds} s`,
    ...visibilityLegend(assessment).map((line) => `  ${line}`),
    '',
    ...columns([
      ['Fault', 'rolled back after', 'requests to the new version', 'worst case'],
      ...faults.map(({ title, rollback, requests, formula, formulaReason }) => [
        title,
        formatSpan(rollback),
        formatRequests(requests),
        formulaReason === undefined ? formula : `${formula}; ${formulaReason}`,
      ]),
    ]),
    '',
    ...columns([
      ['Check', 'weight', 'after the first request', 'samples', ''],
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
      ['Longest exposure', ...longestExposure(assessment)],
      ['Promotion of a healthy release', formatSpan(promote), 'from the new revision in the cluster'],
      [
        'Watched for errors',
        `${formatNumber(assessment.watchedSeconds)} s`,
        "after the first request; errors that begin later may be promoted, and the service's alerts report them",
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
        `If bad requests are random, the first check passes with this probability, and the rollback is ${intervalOf(plan)} s later.`,
      ],
      ['', '', 'The worst cases above assume evenly spaced bad requests.'],
    ]),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** V is in the formulas of the faults. */
function visibilityLegend({ plan, samplesNeeded }: Assessment): readonly string[] {
  const { alertHook, alert } = plan;
  const fromStart = `the p99${alertHook ? ' and the alert' : ''}`;
  return [
    'V = seconds until the queries show a fault:',
    `  from the first request: s; for ${fromStart}, time until ${samplesNeeded} requests + s`,
    '  beginning later: W·limit/fault + s; missing metrics: W - s',
    ...(alertHook
      ? [`  the alert has its own window W = ${alert.windowSeconds} s, and ${alert.limitFactor} times the limit`]
      : []),
  ];
}

/** A time with its explanation. An exposure without a bound never meets the budget. */
function longestExposure(assessment: Assessment): readonly [string, string] {
  const { worstSeconds, demand } = assessment;
  const time = `${formatNumber(worstSeconds)} s`;
  const budget = `budget ${demand.rollbackBudgetSeconds} s`;
  const isOver = worstSeconds > demand.rollbackBudgetSeconds;
  const unbounded = describeUnboundedFaults(assessment);
  return unbounded === undefined
    ? [time, `${budget}: ${isOver ? 'EXCEEDED' : 'met'}`]
    : ['not bounded', `(${unbounded}); ${time} for the other faults, ${budget}${isOver ? ': EXCEEDED' : ''}`];
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

export function formatProbability(value: number): string {
  return value < 0.00005 ? 'under 0.01 %' : `${Number((value * 100).toPrecision(2))} %`;
}

/** A number with commas between thousands, in every locale. */
function formatNumber(value: number): string {
  const [whole = '0', fraction] = String(roundToTenth(value)).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
