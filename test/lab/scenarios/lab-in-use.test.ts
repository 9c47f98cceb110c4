import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutOf } from '../../../lab/layout';
import { isLabInUse } from '../../../lab/scenarios/lab-in-use';
import { identityOf } from '../../../lib/tools/process-identity';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'lab-'));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const repository = () => {
  const path = join(state, 'git', 'ledger.git');
  mkdirSync(path, { recursive: true });
  execFileSync('git', ['init', '--quiet', '--bare', path]);
  return path;
};

test('a lab without data is not in use, nor is one with an empty ledger', async () => {
  expect(await isLabInUse(layoutOf(state))).toBe(false);
  repository();
  expect(await isLabInUse(layoutOf(state))).toBe(false);
});

test('a lab whose ledger has a ref is in use, whatever the state of the cluster', async () => {
  const path = repository();
  const tree = execFileSync('git', ['hash-object', '-t', 'tree', '-w', '--stdin'], { cwd: path, input: '' })
    .toString()
    .trim();
  const commit = execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit-tree', tree, '-m', 'x'], {
    cwd: path,
  });
  execFileSync('git', ['update-ref', 'refs/heads/main', commit.toString().trim()], { cwd: path });
  expect(await isLabInUse(layoutOf(state))).toBe(true);
});

test('a lab whose API server runs and does not respond counts as in use', async () => {
  const child = spawn('sleep', ['30']);
  try {
    await new Promise((resolve) => child.once('spawn', resolve));
    mkdirSync(join(state, 'run'));
    writeFileSync(join(state, 'run', 'kube-apiserver.json'), JSON.stringify(identityOf(child.pid as number)));
    expect(await isLabInUse(layoutOf(state))).toBe(true);
  } finally {
    child.kill('SIGKILL');
  }
});
