import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportSubmodules, snapshotSource } from '../../../lib/local/run/source-snapshot';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bowline-snapshot-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const git = (...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...words], { cwd: directory, encoding: 'utf8' });

function repository(files: Readonly<Record<string, string>>): string {
  git('init', '--quiet');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  git('add', '--all', '--force');
  git('commit', '--quiet', '--message', 'first');
  return git('rev-parse', 'HEAD').trim();
}

async function contentOf(source: string): Promise<{ commit: string; committed: boolean; files: string[] }> {
  const snapshot = await snapshotSource(source);
  try {
    const zip = join(directory, '..', `${directory.split('/').pop()}.zip`);
    await snapshot.writeZip(zip);
    const listing = execFileSync('python3', ['-m', 'zipfile', '-l', zip], { encoding: 'utf8' });
    rmSync(zip);
    const files = listing
      .split('\n')
      .slice(1)
      .map((line) => line.split(/\s{2,}/)[0] ?? '');
    return {
      commit: snapshot.commit,
      committed: snapshot.committed,
      files: files.filter((name) => /[^/]$/.test(name)),
    };
  } finally {
    snapshot.dispose();
  }
}

describe('the source of a run', () => {
  test('is named by its commit when the work tree is that commit', async () => {
    const commit = repository({ 'main.go': 'package main' });
    expect(await contentOf(directory)).toEqual({ commit, committed: true, files: ['main.go'] });
  });

  test('is named by its commit also when git tracks a file that it would ignore', async () => {
    const commit = repository({ '.gitignore': 'dist/\n', 'dist/page.html': 'x', 'main.go': 'package main' });
    const { committed, commit: found, files } = await contentOf(directory);
    expect([committed, found]).toEqual([true, commit]);
    expect(files).toContain('dist/page.html');
  });

  test('is named by its content when it has uncommitted changes, and contains them', async () => {
    const commit = repository({ 'main.go': 'package main' });
    writeFileSync(join(directory, 'more.go'), 'package main');
    const first = await contentOf(directory);
    expect(first.committed).toBe(false);
    expect(first.commit).not.toBe(commit);
    expect(first.files).toEqual(['main.go', 'more.go']);
    expect((await contentOf(directory)).commit).toBe(first.commit);
  });

  test('does not contain ignored or deleted files', async () => {
    repository({ '.gitignore': '*.log\n', 'main.go': 'package main', 'old.go': 'package main' });
    writeFileSync(join(directory, 'build.log'), 'secret');
    rmSync(join(directory, 'old.go'));
    expect((await contentOf(directory)).files).toEqual(['.gitignore', 'main.go']);
  });

  test('can be a folder of a repository, and contains only that folder', async () => {
    const commit = repository({ 'a/main.go': 'package main', 'b/main.go': 'package main' });
    const { committed, commit: found, files } = await contentOf(join(directory, 'a'));
    expect({ committed, found, files }).toEqual({ committed: true, found: commit, files: ['main.go'] });
  });

  test('needs no repository', async () => {
    writeFileSync(join(directory, 'main.go'), 'package main');
    expect(await contentOf(directory)).toMatchObject({ committed: false, files: ['main.go'] });
  });

  test('needs no commit in its repository', async () => {
    git('init', '--quiet');
    writeFileSync(join(directory, 'main.go'), 'package main');
    expect(await contentOf(directory)).toMatchObject({ committed: false, files: ['main.go'] });
  });

  test('lists its submodules and does not contain their files', async () => {
    repository({ 'main.go': 'package main' });
    execFileSync('git', ['init', '--quiet', 'third/party'], { cwd: directory });
    writeFileSync(join(directory, 'third/party/a.c'), 'x');
    const submoduleGit = ['-C', 'third/party', '-c', 'user.name=t', '-c', 'user.email=t@t'];
    execFileSync('git', [...submoduleGit, 'add', '.'], { cwd: directory });
    execFileSync('git', [...submoduleGit, 'commit', '--quiet', '-m', 'x'], { cwd: directory });
    execFileSync('git', ['add', 'third/party'], { cwd: directory, stdio: 'ignore' });
    const snapshot = await snapshotSource(directory);
    expect(snapshot.submodules).toEqual(['third/party']);
    snapshot.dispose();
    expect((await contentOf(directory)).files).toEqual(['main.go']);
  });

  test('is captured without changes to the repository and without its hooks', async () => {
    repository({ 'main.go': 'package main' });
    symlinkSync('main.go', join(directory, 'link.go'));
    writeFileSync(join(directory, '.git', 'hooks', 'post-index-change'), '#!/bin/sh\ntouch "$GIT_WORK_TREE/ran"\n');
    chmodSync(join(directory, '.git', 'hooks', 'post-index-change'), 0o755);
    const before = [git('status', '--porcelain'), git('count-objects')];
    await contentOf(directory);
    expect([git('status', '--porcelain'), git('count-objects')]).toEqual(before);
  });
});

describe('a submodule', () => {
  const notesFor = (directory: string) => {
    const notes: string[] = [];
    reportSubmodules({ submodules: ['third/party'], changedSubmodules: [] }, { directory, clone: 'archive' }, (note) =>
      notes.push(note),
    );
    return notes;
  };

  test.each(['.', 'third', './third/partying'])('is reported when the Go module is in %s', (directory) => {
    expect(notesFor(directory)).toEqual([
      expect.stringMatching(/^the submodule third\/party is empty .*go mod vendor/),
    ]);
  });

  test.each(['third/party', './third/party/', 'third/party/cmd'])(
    'is an error when the Go module is in %s',
    (directory) => {
      expect(() => notesFor(directory)).toThrow(expect.objectContaining({ code: 'input', exitCode: 3 }));
      expect(() => notesFor(directory)).toThrow(/source\.directory .* is in the submodule third\/party/);
    },
  );
});
