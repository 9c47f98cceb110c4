import { type Assessment, assess } from '../arithmetic/assessment';
import type { Demand } from '../demand';
import { type PresetName, presets } from '../plan';
import { roundToTenth } from '../rounding';

/** A Markdown table with a column for each preset: its settings, and the times that it guarantees at a demand. */
export function renderPresetsTable(demand: Demand): string {
  const names = Object.keys(presets) as PresetName[];
  const assessments = names.map((name) => assess(presets[name], demand));
  const row = (title: string, cell: (assessment: Assessment) => string) =>
    `| ${title} | ${assessments.map(cell).join(' | ')} |`;
  const worstOf = (name: string) => (assessment: Assessment) =>
    seconds(assessment.faults.find(({ fault }) => fault === name)?.rollback.worst);
  return [
    `| | ${names.map((name) => `\`${name}\``).join(' | ')} |`,
    `|---|${names.map(() => '---').join('|')}|`,
    row('Weights', ({ plan }) => (plan.steps.length > 0 ? `${plan.steps.join(' → ')} %` : 'none, then all')),
    row('Scrape, window', ({ plan }) => `${plan.scrapeSeconds} s, ${plan.windowSeconds} s`),
    row('Check interval, failed checks until rollback', ({ plan }) => `${plan.intervalSeconds} s, ${plan.threshold}`),
    row('Progress deadline', ({ plan }) => `${plan.progressDeadlineSeconds} s`),
    row('5 % errors, from the first request', worstOf('errors-from-start')),
    row('5 % errors, beginning later', worstOf('errors-later')),
    row('5 % slow requests, from the first request', worstOf('slow-from-start')),
    row('Longest that any fault reaches users', ({ worstSeconds, unboundedFaults }) =>
      unboundedFaults.length > 0 ? 'not bounded' : worstSeconds === 0 ? 'no fault does' : seconds(worstSeconds),
    ),
    row('A healthy release is promoted within', ({ promote }) => seconds(promote.worst)),
    '',
  ].join('\n');
}

function seconds(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? 'not in every case' : `${roundToTenth(value)} s`;
}
