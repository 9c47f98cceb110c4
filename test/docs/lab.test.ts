import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { helloOf, labCatalog } from '../../lab/release/catalog';
import { type Figure, figuresTable, promiseTable } from '../../lab/report/figures';
import { scenarios } from '../../lab/scenarios';
import { assess, demandOf, planOf } from '../../lib/rollout';
import { tools } from '../../lib/tools/pins';

const root = join(__dirname, '..', '..');
const page = join(root, 'docs', 'how-to', 'lab.md');
const figures = JSON.parse(readFileSync(join(root, 'docs', 'data', 'lab-figures.json'), 'utf8')) as readonly Figure[];
const hello = helloOf(labCatalog());
const assessment = assess(planOf(hello), demandOf(hello));
const rollbacks = figures.flatMap(({ fault, measuredSeconds, ...rest }) =>
  fault === undefined || measuredSeconds === undefined ? [] : [{ ...rest, fault, measuredSeconds }],
);

test.each([
  ['figures', figuresTable(figures)],
  ['promise', promiseTable(figures)],
])('docs/how-to/lab.md shows what was measured: %s', (name, table) => {
  const block = new RegExp(`<!-- generated: ${name} -->[\\s\\S]*?<!-- end -->`);
  const fresh = readFileSync(page, 'utf8').replace(block, `<!-- generated: ${name} -->\n\n${table}\n<!-- end -->`);
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(page, fresh);
  }
  expect(fresh).toContain(table);
  expect(readFileSync(page, 'utf8')).toBe(fresh);
});

test('every scenario was played and passed, and those that are quoted with a spread three times', () => {
  const played = (number: number) => figures.filter((figure) => figure.number === number);
  expect(scenarios.filter(({ number }) => played(number).length === 0)).toEqual([]);
  expect(figures.filter(({ passed }) => !passed)).toEqual([]);
  for (const number of [2, 3, 4]) {
    expect(played(number).length).toBeGreaterThanOrEqual(3);
  }
});

test('no rollback that was measured took longer than lib/rollout computes for it today', () => {
  expect(rollbacks.length).toBeGreaterThanOrEqual(9);
  for (const { fault, measuredSeconds } of rollbacks) {
    const computed = assessment.faults.find((each) => each.fault === fault)?.rollback.worst ?? 0;
    expect(measuredSeconds).toBeLessThanOrEqual(computed);
  }
});

test('errors and slow answers were taken back in less than 50 seconds, everything in less than 3 minutes', () => {
  for (const { name, measuredSeconds } of rollbacks) {
    expect(measuredSeconds).toBeLessThan(['errors', 'slow'].includes(name) ? 50 : 180);
  }
});

test('no good release lost an answer or gave a bad one', () => {
  for (const { badAnswers, lostAnswers } of figures.filter(({ name }) =>
    ['first release', 'good release', 'Flagger restarted', 'Prometheus down', 'bowline rollback'].includes(name),
  )) {
    expect(badAnswers + lostAnswers).toBe(0);
  }
});

test('the pictures of docs/how-to/lab.md are there, and small', () => {
  const pictures = [...readFileSync(page, 'utf8').matchAll(/\]\(\.\.\/pictures\/([\w-]+\.png)\)/g)].map(
    ([, name]) => name as string,
  );
  expect(pictures.length).toBeGreaterThanOrEqual(2);
  for (const name of pictures) {
    const path = join(root, 'docs', 'pictures', name);
    expect(existsSync(path) && statSync(path).size).toBeLessThan(150_000);
    expect(existsSync(path)).toBe(true);
  }
});

test('what a machine without any tool has to compile is as long as docs/how-to/lab.md says, and leaves CI most of its 90 minutes', () => {
  const seconds = tools
    .filter(({ purposes }) => purposes.includes('lab'))
    .reduce((sum, tool) => sum + (tool.kind === 'debian' ? 0 : tool.seconds), 0);
  expect(readFileSync(page, 'utf8')).toContain(`about ${Math.round(seconds / 60)} minutes; each tool's seconds`);
  expect(seconds).toBeLessThan(45 * 60);
});
