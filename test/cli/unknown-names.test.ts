import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

test.each([
  [['explain', 'service', 'helo'], 'the catalog has no service "helo"; did you mean hello?'],
  [['explain', 'rollout', 'helo'], 'did you mean hello?'],
  [['explain', 'rollout', 'hello', '--env', 'prd'], 'the catalog has no environment "prd"; did you mean prod?'],
  [['dockerfile', 'helo'], 'did you mean hello?'],
  [['run', 'helo'], 'the catalog has no service "helo"; did you mean hello?'],
  [['run', 'nope'], 'the catalog has no service "nope" (known: hello)'],
])('%j is bad input, and the near miss is named', (words, message) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'bin', 'bowline.mjs'), ...words, '--json'],
    { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  expect(status).toBe(3);
  expect(stderr).toContain(message);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: 'input' });
});
