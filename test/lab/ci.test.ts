import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs .ci/run with stubs of npm and npx that record their arguments, and fail for the given arguments. */
function runCi(failing?: { readonly words: string; readonly code: number }) {
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
  return { status, commands: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [] };
}

const preflight = 'tsx lab/main.ts preflight';
const scenarios = 'run lab:test -- --scenario 1,2,3,9';

test('runs the suite, the demonstration, a deployment and four scenarios, then tears the lab down', () => {
  expect(runCi()).toEqual({
    status: 0,
    commands: ['run setup', preflight, 'test', 'run demo', 'run aws:test', scenarios, 'run lab:down'],
  });
});

test('tears the lab down after failed scenarios, and fails', () => {
  const { status, commands } = runCi({ words: scenarios, code: 2 });
  expect(status).toBe(2);
  expect(commands.at(-1)).toBe('run lab:down');
});

test('fails if the teardown leaves something', () => {
  expect(runCi({ words: 'run lab:down', code: 1 }).status).toBe(1);
});

test('fails before anything else if the preflight fails, and skips nothing', () => {
  const { status, commands } = runCi({ words: preflight, code: 3 });
  expect(status).toBe(3);
  expect(commands).toEqual(['run setup', preflight]);
});
