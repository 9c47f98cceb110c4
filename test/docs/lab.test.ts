import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { helloService, labCatalog } from '../../lab/lab-catalog';
import { type Figure, figuresTable, promiseTable } from '../../lab/report/figures';
import { scenarios } from '../../lab/scenarios';
import { assess, demandOf, planOf } from '../../lib/rollout';
import { tools } from '../../lib/tools/pins';

const root = join(__dirname, '..', '..');
const page = join(root, 'docs', 'how-to', 'lab.md');
const figures = JSON.parse(readFileSync(join(root, 'docs', 'data', 'lab-figures.json'), 'utf8')) as readonly Figure[];
const hello = helloService(labCatalog());
const assessment = assess(planOf(hello), demandOf(hello));
const rollbacks = figures.flatMap(({ fault, measuredSeconds, ...rest }) =>
  fault === undefined || measuredSeconds === undefined ? [] : [{ ...rest, fault, measuredSeconds }],
);

test.each([
  ['figures', figuresTable(figures)],
  ['promise', promiseTable(figures)],
])('docs/how-to/lab.md has the generated table: %s', (name, table) => {
  const block = new RegExp(`<!-- generated: ${name} -->[\\s\\S]*?<!-- end -->`);
  const fresh = readFileSync(page, 'utf8').replace(block, `<!-- generated: ${name} -->\n\n${table}\n<!-- end -->`);
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(page, fresh);
  }
  expect(fresh).toContain(table);
  expect(readFileSync(page, 'utf8')).toBe(fresh);
});

test('every scenario ran and passed, and scenarios with a spread ran at least three times', () => {
  const runsOf = (number: number) => figures.filter((figure) => figure.number === number);
  expect(scenarios.filter(({ number }) => runsOf(number).length === 0)).toEqual([]);
  expect(figures.filter(({ passed }) => !passed)).toEqual([]);
  for (const number of [2, 3, 4]) {
    expect(runsOf(number).length).toBeGreaterThanOrEqual(3);
  }
});

test('no measured rollback took longer than lib/rollout computes today', () => {
  expect(rollbacks.length).toBeGreaterThanOrEqual(9);
  for (const { fault, measuredSeconds } of rollbacks) {
    const computed = assessment.faults.find((each) => each.fault === fault)?.rollback.worst ?? 0;
    expect(measuredSeconds).toBeLessThanOrEqual(computed);
  }
});

test('errors and slow responses were rolled back in less than 50 seconds, all faults in less than 3 minutes', () => {
  for (const { name, measuredSeconds } of rollbacks) {
    expect(measuredSeconds).toBeLessThan(['errors', 'slow'].includes(name) ? 50 : 180);
  }
});

test('no good release had a bad response or lost a request', () => {
  for (const { badResponses, lostRequests } of figures.filter(({ name }) =>
    ['first release', 'good release', 'Flagger restarted', 'Prometheus down', 'bowline rollback'].includes(name),
  )) {
    expect(badResponses + lostRequests).toBe(0);
  }
});

test('the pictures of docs/how-to/lab.md exist and are small', () => {
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

test('compiling all tools takes as long as docs/how-to/lab.md says, and leaves CI most of its 90 minutes', () => {
  const seconds = tools
    .filter(({ purposes }) => purposes.includes('lab'))
    .reduce((sum, tool) => sum + (tool.kind === 'debian' ? 0 : tool.seconds), 0);
  expect(readFileSync(page, 'utf8')).toContain(
    `about ${Math.round(seconds / 60)} minutes; \`lib/tools/pins.ts\` has the seconds of each tool`,
  );
  expect(seconds).toBeLessThan(45 * 60);
});
