import { reportPage } from '../../../lab/report/page';
import { createReport, type LabReport, renderResults, renderSpread } from '../../../lab/report/report';
import { linear, roundUp, ticks } from '../../../lab/report/scale';
import { sampleResult } from './sample-result';

const report = (): LabReport =>
  createReport(new Date('2026-11-24T14:00:00Z'), { results: [sampleResult()], bringUpSeconds: 10.5 });

test('report.json has the computed and measured times of each scenario', () => {
  expect(report().scenarios[0]).toMatchObject({
    name: 'errors',
    passed: true,
    computedSeconds: 41,
    computedBestSeconds: 40,
    measuredSeconds: 37.2,
    badResponses: 19,
    lostRequests: 0,
  });
});

test.each([
  ['all scenarios passed', {}, true],
  ['an aborted run', { error: 'containerd ended' }, false],
  ['a page with problems', { problems: ['text overlaps other text'] }, false],
  ['leftovers of the lab', { teardown: { seconds: 1, before: {}, left: ['link bowline-pods'] } }, false],
  ['no leftovers', { teardown: { seconds: 1, before: {}, left: [] } }, true],
])('whether a run passed: %s', (_, more, passed) => {
  expect(createReport(new Date(0), { results: [sampleResult()], ...more }).passed).toBe(passed);
});

test('a run without a scenario has not passed, and its page says why', () => {
  const broken = createReport(new Date(0), { results: [], error: 'containerd ended <now>' });
  expect(broken.passed).toBe(false);
  expect(reportPage(broken)).toContain('containerd ended &#60;now&#62;');
});

test('the page has no external resources and no scripts', () => {
  const page = reportPage(report());
  expect(page).not.toMatch(/<script|<link|<img|@import|url\(|src=|href="(?!#)/);
});

test('text is escaped', () => {
  const hostile = sampleResult({ title: '<script>alert(1)</script>', error: '"><img src=x>' });
  const page = reportPage(createReport(new Date(0), { results: [hostile] }));
  expect(page).not.toContain('<script>');
  expect(page).not.toContain('<img');
});

test('the picture has a lane per actor, the weights, and a line per version', () => {
  const page = reportPage(report());
  expect(page.match(/class="line canary"/g)).toHaveLength(2);
  expect(page.match(/class="line primary"/g)).toHaveLength(2);
  expect(page).toContain('class="exposure"');
  expect(page).toContain('class="weight"');
  expect(page.match(/class="lane"/g)).toHaveLength(5);
  expect(page).not.toContain('NaN');
});

test('the picture shows the computed rollback, the limits of the objectives, and labels for the main events', () => {
  const page = reportPage(report());
  expect(page).toContain('computed: 40 to 41 s');
  // The legend has one.
  expect(page.match(/class="limit"/g)).toHaveLength(1 + 2);
  for (const label of ['new release in git', 'first bad response', 'alert', 'rolled back']) {
    expect(page).toContain(`>${label}</text>`);
  }
});

test('the table has the computed and the measured time', () => {
  expect(renderResults([sampleResult()])).toMatch(/3 +errors +passed +40–41 +37\.2 +19 +0/);
});

test('the spread table has the scenarios that ran more than once', () => {
  const runs = [37.2, 33, 38.9].map((measuredSeconds) => sampleResult({ measuredSeconds }));
  expect(renderSpread(runs)).toMatch(/3 +errors +3 of 3 passed +40–41 +37\.2, 33\.0, 38\.9 +5\.9 +19, 19, 19/);
  expect(renderSpread(runs.slice(1, 2))).toBe('');
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

test('scales are limited to their range; limits are rounded up', () => {
  const scale = linear([0, 10], [100, 200]);
  expect([scale(-5), scale(5), scale(99)]).toEqual([100, 150, 200]);
  expect([roundUp(3), roundUp(100), roundUp(751)]).toEqual([5, 100, 1000]);
});
