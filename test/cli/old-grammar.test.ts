import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const checkUsage = 'use: bowline check catalog | bowline check manifests <path>';
const explainUsage = 'use: bowline explain service <name> | ';

// Earlier versions had `bowline check`, `bowline check <directory>` and `bowline explain <service>`.
test.each([
  [['check'], checkUsage],
  [['check', '--json'], checkUsage],
  [['check', 'manifests-of-ours'], checkUsage],
  [['explain'], explainUsage],
  [['explain', 'hello'], explainUsage],
])('%j is wrong usage, and the message names the commands', (words, usage) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin', 'bowline.mjs'), ...words], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  expect(status).toBe(64);
  expect(stdout).toBe('');
  expect(stderr).toContain(usage);
});
