import type { LabRelease } from '../release/release-hello';
import { scenarioChart } from './chart';
import { element, escapeMarkup, formatNumber } from './markup';
import type { LabReport, ReportedScenario } from './report';
import { style } from './style';

/** Renders `report.html`: one file without external resources. */
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
        escapeMarkup(
          `${passed} of ${scenarios.length} scenarios passed · ${startedAt.replace('T', ' ').slice(0, 16)} UTC${
            bringUpSeconds === undefined ? '' : ` · cluster and platform up after ${bringUpSeconds.toFixed(1)} s`
          }`,
        ),
      ),
      error === undefined ? '' : element('p', { class: 'broken' }, escapeMarkup(`The run was aborted: ${error}`)),
      overview(scenarios),
      ...scenarios.map(section),
    ),
  )}\n`;
}

function table(className: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const headings = head.map((text) => element('th', {}, escapeMarkup(text)));
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
    ['', 'scenario', 'result', 'computed, s', 'measured, s', '', 'bad responses', 'lost requests'],
    scenarios.map((scenario, index) => [
      String(scenario.number),
      element('a', { href: `#scenario-${index}` }, escapeMarkup(scenario.name)),
      badge(scenario.passed),
      computedSpan(scenario),
      scenario.measuredSeconds === undefined ? '–' : scenario.measuredSeconds.toFixed(1),
      measuredOnComputed(scenario),
      String(scenario.badResponses),
      String(scenario.lostRequests),
    ]),
  );
}

function badge(passed: boolean): string {
  return element('span', { class: passed ? 'badge good' : 'badge bad' }, passed ? 'passed' : 'failed');
}

function computedSpan({ computedSeconds, computedBestSeconds }: ReportedScenario): string {
  return computedSeconds === undefined
    ? '–'
    : `${formatNumber(computedBestSeconds ?? 0)} – ${formatNumber(computedSeconds)}`;
}

/** Draws the measured time on the computed span. */
function measuredOnComputed({ computedSeconds, computedBestSeconds = 0, measuredSeconds }: ReportedScenario): string {
  if (computedSeconds === undefined || measuredSeconds === undefined) {
    return '';
  }
  const full = Math.max(computedSeconds, measuredSeconds) * 1.05;
  const place = (value: number) => (160 * value) / full;
  const isLate = measuredSeconds > computedSeconds;
  return element(
    'svg',
    {
      class: 'measured-on-computed',
      viewBox: '0 0 164 14',
      role: 'img',
      'aria-label': 'measured time on the computed span',
    },
    element('rect', { class: 'ground', x: 0, y: 5, width: 160, height: 4 }),
    element('rect', {
      class: 'span',
      x: place(computedBestSeconds),
      y: 2,
      width: Math.max(2, place(computedSeconds - computedBestSeconds)),
      height: 10,
    }),
    element('rect', {
      class: isLate ? 'mark bad' : 'mark',
      x: place(measuredSeconds) - 1.5,
      y: 0,
      width: 3,
      height: 14,
    }),
  );
}

function section(scenario: ReportedScenario, index: number): string {
  return element(
    'section',
    { id: `scenario-${index}`, 'data-name': scenario.name.replaceAll(' ', '-') },
    element('h2', {}, escapeMarkup(`${scenario.number}. ${scenario.name} `), badge(scenario.passed)),
    element('p', {}, escapeMarkup(scenario.title)),
    scenarioChart(scenario),
    element(
      'p',
      { class: 'legend' },
      '<b class="canary">new version</b> <b class="primary">previous version</b> <b class="exposed">from the first bad response to the last</b> <b class="limit">limit of the objective</b> <b class="computed">computed rollback</b>',
    ),
    element(
      'ul',
      { class: 'expectations' },
      ...(scenario.error === undefined ? [] : [element('li', { class: 'bad' }, escapeMarkup(scenario.error))]),
      ...scenario.expectations.map(({ met, sentence }) =>
        element('li', { class: met ? 'good' : 'bad' }, escapeMarkup(sentence)),
      ),
    ),
    ...scenario.releases.map(evidence),
    element(
      'details',
      {},
      element('summary', {}, `Journal (${scenario.journal.length} entries)`),
      table(
        'journal',
        ['s', 'actor', 'event'],
        scenario.journal.map(({ at, actor, text }) => [
          ((at - scenario.startedAt) / 1000).toFixed(1),
          actor,
          escapeMarkup(text),
        ]),
      ),
    ),
  );
}

function evidence({ hello, commit, image, ledgerCommit, run }: LabRelease): string {
  const code = (text: string) => element('code', {}, escapeMarkup(text));
  const sizes = run.image?.sizes ?? {};
  return element(
    'details',
    { open: '' },
    element('summary', {}, escapeMarkup(`Evidence of ${hello.version}`)),
    table(
      'evidence',
      [],
      [
        ['source', code(commit)],
        ['image', code(image)],
        ...Object.entries(run.image?.platforms ?? {}).map(([platform, digest]) => [
          escapeMarkup(platform),
          `${code(digest)} ${((sizes[platform] ?? 0) / 1e6).toFixed(1)} MB`,
        ]),
        ['verdict', escapeMarkup(run.verdict ?? '–')],
        ['signed', run.signed ? 'signature, SBOMs and verdict verified by promote' : 'no'],
        ['ledger', code(ledgerCommit)],
        [
          'pipeline',
          escapeMarkup(run.actions.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join(' · ')),
        ],
      ],
    ),
  );
}
