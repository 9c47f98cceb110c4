import type { LabRelease } from '../release/release-hello';
import { scenarioChart } from './chart';
import { element, escaped, short } from './markup';
import type { LabReport, ReportedScenario } from './report';
import { style } from './style';

/** `report.html`: one file, without anything from elsewhere. */
export function reportPage(report: LabReport): string {
  const { scenarios, startedAt, bringUpSeconds, error } = report;
  const passed = scenarios.filter((scenario) => scenario.passed).length;
  return `<!doctype html>\n${element(
    'html',
    { lang: 'en' },
    element(
      'head',
      {},
      '<meta charset="utf-8"><meta name="viewport" content="width=device-width">',
      element('title', {}, 'Bowline lab'),
      element('style', {}, style),
    ),
    element(
      'body',
      {},
      element('h1', {}, 'Bowline lab'),
      element(
        'p',
        {},
        escaped(
          `${passed} of ${scenarios.length} scenarios passed · ${startedAt.replace('T', ' ').slice(0, 16)} UTC${
            bringUpSeconds === undefined ? '' : ` · cluster and platform up after ${bringUpSeconds.toFixed(1)} s`
          }`,
        ),
      ),
      error === undefined ? '' : element('p', { class: 'broken' }, escaped(`The run broke off: ${error}`)),
      overview(scenarios),
      ...scenarios.map(section),
    ),
  )}\n`;
}

function table(className: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const headings = head.map((text) => element('th', {}, escaped(text)));
  return element(
    'table',
    { class: className },
    element('thead', {}, element('tr', {}, ...headings)),
    element('tbody', {}, ...rows.map((row) => element('tr', {}, ...row.map((cell) => element('td', {}, cell))))),
  );
}

function overview(scenarios: readonly ReportedScenario[]): string {
  return table(
    'overview',
    ['', 'scenario', 'result', 'computed, s', 'measured, s', '', 'bad answers', 'lost answers'],
    scenarios.map((scenario, index) => [
      String(scenario.number),
      element('a', { href: `#scenario-${index}` }, escaped(scenario.name)),
      badge(scenario.passed),
      span(scenario),
      scenario.measuredSeconds === undefined ? '–' : scenario.measuredSeconds.toFixed(1),
      against(scenario),
      String(scenario.badAnswers),
      String(scenario.lostAnswers),
    ]),
  );
}

function badge(passed: boolean): string {
  return element('span', { class: passed ? 'badge good' : 'badge bad' }, passed ? 'passed' : 'failed');
}

function span({ computedSeconds, computedBestSeconds }: ReportedScenario): string {
  return computedSeconds === undefined ? '–' : `${short(computedBestSeconds ?? 0)} – ${short(computedSeconds)}`;
}

/** The measured time as a mark on the span that was computed. */
function against({ computedSeconds, computedBestSeconds = 0, measuredSeconds }: ReportedScenario): string {
  if (computedSeconds === undefined || measuredSeconds === undefined) {
    return '';
  }
  const full = Math.max(computedSeconds, measuredSeconds) * 1.05;
  const place = (value: number) => (160 * value) / full;
  const late = measuredSeconds > computedSeconds;
  return element(
    'svg',
    { class: 'against', viewBox: '0 0 164 14', role: 'img', 'aria-label': 'measured on the computed span' },
    element('rect', { class: 'ground', x: 0, y: 5, width: 160, height: 4 }),
    element('rect', {
      class: 'span',
      x: place(computedBestSeconds),
      y: 2,
      width: Math.max(2, place(computedSeconds - computedBestSeconds)),
      height: 10,
    }),
    element('rect', { class: late ? 'mark bad' : 'mark', x: place(measuredSeconds) - 1.5, y: 0, width: 3, height: 14 }),
  );
}

function section(scenario: ReportedScenario, index: number): string {
  return element(
    'section',
    { id: `scenario-${index}`, 'data-name': scenario.name.replaceAll(' ', '-') },
    element('h2', {}, escaped(`${scenario.number}. ${scenario.name} `), badge(scenario.passed)),
    element('p', {}, escaped(scenario.title)),
    scenarioChart(scenario),
    element(
      'p',
      { class: 'legend' },
      '<b class="canary">new version</b> <b class="primary">version before</b> <b class="exposed">from the first bad answer to the last</b> <b class="limit">what the objectives allow</b> <b class="computed">taken back by then, computed</b>',
    ),
    element(
      'ul',
      { class: 'expectations' },
      ...(scenario.error === undefined ? [] : [element('li', { class: 'bad' }, escaped(scenario.error))]),
      ...scenario.expectations.map(({ met, sentence }) =>
        element('li', { class: met ? 'good' : 'bad' }, escaped(sentence)),
      ),
    ),
    ...scenario.releases.map(evidence),
    element(
      'details',
      {},
      element('summary', {}, `Everything that happened (${scenario.journal.length})`),
      table(
        'journal',
        ['s', 'who', 'what'],
        scenario.journal.map(({ at, actor, text }) => [
          ((at - scenario.startedAt) / 1000).toFixed(1),
          actor,
          escaped(text),
        ]),
      ),
    ),
  );
}

function evidence({ hello, commit, image, ledgerCommit, run }: LabRelease): string {
  const code = (text: string) => element('code', {}, escaped(text));
  const sizes = run.image?.sizes ?? {};
  return element(
    'details',
    { open: '' },
    element('summary', {}, escaped(`Evidence of ${hello.version}`)),
    table(
      'evidence',
      [],
      [
        ['source', code(commit)],
        ['image', code(image)],
        ...Object.entries(run.image?.platforms ?? {}).map(([platform, digest]) => [
          escaped(platform),
          `${code(digest)} ${((sizes[platform] ?? 0) / 1e6).toFixed(1)} MB`,
        ]),
        ['verdict', escaped(run.verdict ?? '–')],
        ['signed', run.signed ? 'signature, SBOMs and verdict verified by promote' : 'no'],
        ['ledger', code(ledgerCommit)],
        ['pipeline', escaped(run.actions.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join(' · '))],
      ],
    ),
  );
}
