import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const bowline = join(__dirname, '..', '..', 'bin', 'bowline.mjs');

test('a reader that closes the pipe ends the command silently', () => {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', 'set -o pipefail; "$0" "$1" schema platform | head -c 1', process.execPath, bowline],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '{', stderr: '' });
});
