import type { Assessment } from '../arithmetic/assessment';
import { checkOverheadSeconds } from '../arithmetic/checks';
import type { Span } from '../arithmetic/rollback-times';
import { falseRollbackBound, missedFaultBound } from '../demand';

/** The assessment for a terminal: plain text, aligned, at most 110 columns but for formulas. */
export function renderAssessmentTable(assessment: Assessment): string {
  const { plan, demand, checks, faults, promote, falseRollback, missedFault, passedByChance, samplesNeeded } =
    assessment;
  const lines = [
    `${plan.strategy === 'canary' ? `Canary ${plan.steps.join(' → ')} %` : `Blue-green, ${plan.syntheticRequestsPerSecond ?? 0} generated requests a second`} at ${number(demand.requestsPerSecond)} requests a second`,
    `  scrape s = ${plan.scrapeSeconds} s, window W = ${plan.windowSeconds} s, check every I = ${plan.intervalSeconds} s, threshold T = ${plan.threshold}, deadline D = ${plan.progressDeadlineSeconds} s, alert hook ${plan.alertHook ? 'on' : 'off'}, work of a check w = ${checkOverheadSeconds} s`,
    '',
    ...columns([
      ['Fault', 'rolled back after', 'requests', 'worst case'],
      ...faults.map(({ title, rollback, requests, formula }) => [title, spanned(rollback), upTo(requests), formula]),
    ]),
    '',
    ...columns([
      ['Check', 'weight', 'after', 'samples', ''],
      ...checks.map((check) => [
        String(check.number),
        plan.strategy === 'canary' ? `${check.weight} %` : '-',
        `${check.atSeconds} s`,
        number(Math.floor(check.samples)),
        check.judgesLatency ? 'judges errors and p99' : `judges errors; p99 takes ${samplesNeeded}`,
      ]),
    ]),
    '',
    ...columns([
      [
        'Longest exposure',
        `${number(assessment.worstSeconds)} s`,
        `budget ${demand.rollbackBudgetSeconds} s: ${assessment.worstSeconds <= demand.rollbackBudgetSeconds ? 'kept' : 'BROKEN'}`,
      ],
      ['Promotion of a healthy release', spanned(promote), 'from the new revision in the cluster'],
      [
        'Watched',
        `${number(assessment.watchedSeconds)} s`,
        'after the first request; what begins later is promoted, and left to the alerts of the service',
      ],
      ['Rolled back by noise', chance(falseRollback), `bound ${chance(falseRollbackBound)}`],
      ['Five times the errors missed', chance(missedFault.errors), `bound ${chance(missedFaultBound)}`],
      ['Five times the slow requests missed', chance(missedFault.slow), `bound ${chance(missedFaultBound)}`],
      [
        'First check passed by luck',
        chance(Math.max(passedByChance.errors, passedByChance.slow)),
        `where bad requests come at random: ${plan.intervalSeconds} s on top; the worst cases are those of a fault that every window shows`,
      ],
    ]),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

function spanned({ best, worst }: Span): string {
  if (!Number.isFinite(best)) {
    return 'never';
  }
  return best === worst
    ? `${number(worst)} s`
    : `${number(best)} to ${Number.isFinite(worst) ? `${number(worst)} s` : 'never'}`;
}

function upTo({ worst }: Span): string {
  return Number.isFinite(worst) ? (worst === 0 ? 'none' : `up to ${number(Math.ceil(worst))}`) : 'all';
}

function chance(value: number): string {
  return value < 0.00005 ? 'under 0.01 %' : `${Number((value * 100).toPrecision(2))} %`;
}

/** A number with commas between thousands, whatever the machine speaks. */
function number(value: number): string {
  const [whole = '0', fraction] = String(Number(value.toFixed(1))).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
