import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Plays .ci/run with an npm and an npx that only write down what they were asked, and fail where the words match. */
function ci(failing?: { readonly words: string; readonly code: number }) {
  mkdirSync(join(folder, 'bin'));
  const log = join(folder, 'log');
  for (const program of ['npm', 'npx']) {
    writeFileSync(
      join(folder, 'bin', program),
      `#!/bin/sh\necho "$*" >> '${log}'\n[ "$*" = '${failing?.words ?? ''}' ] && exit ${failing?.code ?? 0}\nexit 0\n`,
      { mode: 0o755 },
    );
  }
  cpSync(join(__dirname, '..', '..', '.ci', 'run'), join(folder, '.ci', 'run'));
  const { status } = spawnSync(join(folder, '.ci', 'run'), [], {
    env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
  });
  return { status, asked: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [] };
}

const possible = 'tsx lab/main.ts possible';
const scenarios = 'run lab:test -- --scenario 1,2,3,9';

test('a change passes the suite, the demonstration, a deployment and four scenarios, and the lab is taken down after them', () => {
  expect(ci()).toEqual({
    status: 0,
    asked: ['run setup', possible, 'test', 'run demo', 'run aws:test', scenarios, 'run lab:down'],
  });
});

test('the lab is taken down after scenarios that failed, and the run has failed', () => {
  const { status, asked } = ci({ words: scenarios, code: 2 });
  expect(status).toBe(2);
  expect(asked.at(-1)).toBe('run lab:down');
});

test('something that the lab leaves fails the run', () => {
  expect(ci({ words: 'run lab:down', code: 1 }).status).toBe(1);
});

test('a machine that forbids a cluster fails the run before anything else is done: nothing is skipped in silence', () => {
  const { status, asked } = ci({ words: possible, code: 3 });
  expect(status).toBe(3);
  expect(asked).toEqual(['run setup', possible]);
});
