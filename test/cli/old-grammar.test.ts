import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const checkUsage = 'use: bowline check catalog | bowline check manifests <path>';
const explainUsage = 'use: bowline explain service <name> | ';

// Earlier versions had `bowline check`, `bowline check <directory>` and `bowline explain <service>`.
test.each([
  [['check'], 'to check the catalog, run bowline check catalog', checkUsage],
  [['check', '--json'], "unknown option '--json'", checkUsage],
  [['check', 'docs'], 'did you mean bowline check manifests docs?', checkUsage],
  [['check', 'catlog'], "unknown command 'catlog'", checkUsage],
  [['explain'], 'bowline explain needs a subject', explainUsage],
  [['explain', 'hello'], 'bowline explain service hello, or bowline explain rollout hello', explainUsage],
  [['new', 'orders'], 'did you mean bowline new service orders?', 'use: bowline new service <name>'],
  [
    ['check', 'manifests'],
    "missing required argument 'path'",
    '(bowline check manifests --help explains this command)',
  ],
])('%j is wrong usage, and the message names the commands', (words, message, usage) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin', 'bowline.mjs'), ...words], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  expect(status).toBe(64);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
  expect(stderr).toContain(usage);
});
