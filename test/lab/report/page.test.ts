import { reportPage } from '../../../lab/report/page';
import { type LabReport, reportOf, resultTable, spreadTable } from '../../../lab/report/report';
import { linear, roundUp, ticks } from '../../../lab/report/scale';
import { sampleResult } from './sample-result';

const report = (): LabReport => reportOf(new Date('2026-11-24T14:00:00Z'), [sampleResult()], { bringUpSeconds: 10.5 });

test('report.json names what each scenario computed and measured', () => {
  expect(report().scenarios[0]).toMatchObject({
    name: 'errors',
    passed: true,
    computedSeconds: 41,
    computedBestSeconds: 40,
    measuredSeconds: 37.2,
    badAnswers: 19,
    lostAnswers: 0,
  });
});

test.each([
  ['all scenarios passed', {}, true],
  ['a run that broke off', { error: 'containerd ended' }, false],
  ['a page that the browser complains of', { problems: ['text covers text'] }, false],
  ['something of the lab left', { takenDown: { seconds: 1, before: {}, left: ['link bowline-pods'] } }, false],
  ['nothing left', { takenDown: { seconds: 1, before: {}, left: [] } }, true],
])('whether a run passed: %s', (_, more, passed) => {
  expect(reportOf(new Date(0), [sampleResult()], more).passed).toBe(passed);
});

test('a run in which nothing was played has not passed, and its page says why', () => {
  const broken = reportOf(new Date(0), [], { error: 'containerd ended <now>' });
  expect(broken.passed).toBe(false);
  expect(reportPage(broken)).toContain('containerd ended &#60;now&#62;');
});

test('the page fetches nothing from elsewhere and runs nothing', () => {
  const page = reportPage(report());
  expect(page).not.toMatch(/<script|<link|<img|@import|url\(|src=|href="(?!#)/);
});

test('what others wrote stays text', () => {
  const hostile = sampleResult({ title: '<script>alert(1)</script>', error: '"><img src=x>' });
  const page = reportPage(reportOf(new Date(0), [hostile]));
  expect(page).not.toContain('<script>');
  expect(page).not.toContain('<img');
});

test('the picture has a lane for each actor, the weights, and a line for each version', () => {
  const page = reportPage(report());
  expect(page.match(/class="line canary"/g)).toHaveLength(2);
  expect(page.match(/class="line primary"/g)).toHaveLength(2);
  expect(page).toContain('class="exposure"');
  expect(page).toContain('class="weight"');
  expect(page.match(/class="lane"/g)).toHaveLength(5);
  expect(page).not.toContain('NaN');
});

test('the picture shows when the release is taken back by computation, what the objectives allow, and the main events in words', () => {
  const page = reportPage(report());
  expect(page).toContain('computed: 40 to 41 s');
  // One in the legend.
  expect(page.match(/class="limit"/g)).toHaveLength(1 + 2);
  for (const words of ['new release in git', 'first bad answer', 'alert', 'taken back']) {
    expect(page).toContain(`>${words}</text>`);
  }
});

test('the table for people says computed beside measured', () => {
  expect(resultTable([sampleResult()])).toMatch(/3 +errors +passed +40–41 +37\.2 +19 +0/);
});

test('runs of one scenario stand together with their spread; single runs have none', () => {
  const runs = [37.2, 33, 38.9].map((measuredSeconds) => sampleResult({ measuredSeconds }));
  expect(spreadTable(runs)).toMatch(/3 +errors +3 of 3 passed +40–41 +37\.2, 33\.0, 38\.9 +5\.9 +19, 19, 19/);
  expect(spreadTable(runs.slice(1, 2))).toBe('');
});

test.each([
  [130, 10, [0, 20, 40, 60, 80, 100, 120]],
  [2, 4, [0, 0.5, 1, 1.5, 2]],
  [1.6, 4, [0, 0.5, 1, 1.5]],
  [1.2, 6, [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2]],
  [0.07, 7, [0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07]],
  [0, 4, [0]],
])('ticks up to %d', (high, count, expected) => {
  expect(ticks(high, count)).toEqual(expected);
});

test('scales end at their borders, and round up to what people read', () => {
  const scale = linear([0, 10], [100, 200]);
  expect([scale(-5), scale(5), scale(99)]).toEqual([100, 150, 200]);
  expect([roundUp(3), roundUp(100), roundUp(751)]).toEqual([5, 100, 1000]);
});
