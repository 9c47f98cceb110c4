import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { snapshotSource } from '../../../lib/local/run/source-snapshot';
import { readGit } from '../../../lib/scaffold/adopt/read-checkout';
import { readGitState } from '../../../lib/steps/source/git-state';

describe('a source that is read on a machine with hostile settings', () => {
  let root: string;
  let checkout: string;
  let saved: NodeJS.ProcessEnv;
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], {
      cwd: checkout,
      env: saved,
      encoding: 'utf8',
    }).trim();
  beforeEach(() => {
    saved = { ...process.env };
    root = mkdtempSync(join(tmpdir(), 'bowline-test-'));
    checkout = join(root, 'checkout');
    mkdirSync(join(root, 'template', 'hooks'), { recursive: true });
    mkdirSync(checkout);
    const mark = `#!/bin/sh\ntouch ${root}/started\nexit 1\n`;
    writeFileSync(join(root, 'mark'), mark, { mode: 0o755 });
    writeFileSync(join(root, 'template', 'hooks', 'post-index-change'), mark, { mode: 0o755 });
    git('init', '--quiet', '--initial-branch=main');
    writeFileSync(join(checkout, 'main.go'), 'package main\n');
    git('add', '.');
    git('commit', '--quiet', '-m', 'x');
    git('remote', 'add', 'origin', 'https://git.example/acme/hello.git');
  });
  afterEach(() => {
    process.env = saved;
    rmSync(root, { recursive: true, force: true });
  });

  const hostile = () => {
    const settings = [
      ['core.fsmonitor', join(root, 'mark')],
      ['core.hooksPath', join(root, 'template', 'hooks')],
      ['core.attributesFile', join(root, 'attributes')],
      ['filter.x.clean', join(root, 'mark')],
      ['filter.x.process', join(root, 'mark')],
      ['init.templateDir', join(root, 'template')],
      ['init.defaultObjectFormat', 'sha256'],
      ['core.autocrlf', 'true'],
      ['core.safecrlf', 'true'],
      ['safe.bareRepository', 'explicit'],
      ['url.https://evil.example/.insteadOf', 'https://git.example/'],
      ['core.pager', join(root, 'mark')],
      ['alias.ls-files', `!${join(root, 'mark')}`],
    ] as const;
    writeFileSync(join(root, 'attributes'), '* filter=x text eol=crlf\n');
    writeFileSync(join(root, '.gitconfig'), '');
    for (const [key, value] of settings) {
      execFileSync('git', ['config', '--file', join(root, '.gitconfig'), key, value], { cwd: '/', env: saved });
    }
    // Settings that the repository itself brings along.
    execFileSync('git', ['config', 'core.fsmonitor', join(root, 'mark')], { cwd: checkout, env: saved });
    Object.assign(process.env, {
      HOME: root,
      GIT_CONFIG_GLOBAL: join(root, '.gitconfig'),
      GIT_DEFAULT_HASH: 'sha256',
      GIT_TEMPLATE_DIR: join(root, 'template'),
      GIT_DIR: '/nowhere',
      GIT_INDEX_FILE: '/nowhere',
    });
  };

  test('gives the same commit, starts no program, and names the remote that the checkout names', async () => {
    const commit = git('rev-parse', 'HEAD');
    hostile();
    const snapshot = await snapshotSource(checkout);
    snapshot.dispose();
    expect([snapshot.commit, snapshot.committed]).toEqual([commit, true]);
    expect(await readGitState(checkout, ['main.go'])).toEqual({ ignored: [], untracked: [], submodules: [], lfs: [] });
    expect(await readGit({ root: checkout, directory: '.' } as Parameters<typeof readGit>[0])).toMatchObject({
      remote: 'https://git.example/acme/hello.git',
      branch: 'main',
    });
    expect(existsSync(join(root, 'started'))).toBe(false);
  });

  test('still leaves out what the person ignores everywhere', async () => {
    writeFileSync(join(root, 'ignore'), '*.swp\n');
    writeFileSync(join(root, '.gitconfig'), `[core]\n\texcludesFile = ${join(root, 'ignore')}\n`);
    Object.assign(process.env, { HOME: root, GIT_CONFIG_GLOBAL: join(root, '.gitconfig') });
    writeFileSync(join(checkout, 'main.swp'), 'x');
    const snapshot = await snapshotSource(checkout);
    snapshot.dispose();
    expect(snapshot.committed).toBe(true);
    expect(await readGitState(checkout, ['main.go', 'main.swp'])).toMatchObject({
      ignored: ['main.swp'],
      untracked: [],
    });
  });
});
