import { type Assessment, assess } from '../arithmetic/assessment';
import type { Demand } from '../demand';
import { type PresetName, presets } from '../plan';

/** The presets beside each other, as a Markdown table: what each does, and what it promises at a demand. */
export function renderPresetsTable(demand: Demand): string {
  const names = Object.keys(presets) as PresetName[];
  const assessments = names.map((name) => assess(presets[name], demand));
  const row = (title: string, cell: (assessment: Assessment) => string) =>
    `| ${title} | ${assessments.map(cell).join(' | ')} |`;
  const atFault = (name: string) => (assessment: Assessment) =>
    seconds(assessment.faults.find(({ fault }) => fault === name)?.rollback.worst);
  return [
    `| | ${names.map((name) => `\`${name}\``).join(' | ')} |`,
    `|---|${names.map(() => '---').join('|')}|`,
    row('Weights', ({ plan }) => (plan.steps.length > 0 ? `${plan.steps.join(' → ')} %` : 'none, then all')),
    row('Scrape, window', ({ plan }) => `${plan.scrapeSeconds} s, ${plan.windowSeconds} s`),
    row('Check every, failed checks', ({ plan }) => `${plan.intervalSeconds} s, ${plan.threshold}`),
    row('Deadline of pods', ({ plan }) => `${plan.progressDeadlineSeconds} s`),
    row('5 % errors, from the first request', atFault('errors-from-start')),
    row('5 % errors, beginning later', atFault('errors-later')),
    row('5 % too slow, from the first request', atFault('slow-from-start')),
    row('Longest that any fault reaches users', ({ worstSeconds }) =>
      worstSeconds === 0 ? 'none does' : seconds(worstSeconds),
    ),
    row('A healthy release is promoted after', ({ promote }) => seconds(promote.worst)),
    '',
  ].join('\n');
}

function seconds(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? 'not in every case' : `${Number(value.toFixed(1))} s`;
}
