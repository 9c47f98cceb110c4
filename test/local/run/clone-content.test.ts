import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { reportSubmodules, snapshotSource } from '../../../lib/local/run/source-snapshot';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bowline-clone-content-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(directory: string, ...words: readonly string[]): string {
  const settings = ['user.name=t', 'user.email=t@example.com', 'protocol.file.allow=always'];
  return execFileSync('git', [...settings.flatMap((setting) => ['-c', setting]), ...words], {
    cwd: join(root, directory),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function write(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, directory, path)), { recursive: true });
    writeFileSync(join(root, directory, path), text);
  }
}

function repository(directory: string, files: Readonly<Record<string, string>>): void {
  write(directory, files);
  git(directory, 'init', '--quiet');
  commit(directory);
}

function commit(directory: string): string {
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--allow-empty', '--message=next');
  return git(directory, 'rev-parse', 'HEAD').trim();
}

/** The files of a snapshot with their texts, and what the run says about submodules. */
async function contentOf(directory: string, clone: 'archive' | 'full' = 'full') {
  const snapshot = await snapshotSource(join(root, directory), clone);
  try {
    const zip = join(root, 'content.zip');
    await snapshot.writeZip(zip);
    mkdirSync(join(root, 'content'));
    execFileSync('python3', ['-m', 'zipfile', '-e', zip, join(root, 'content')]);
    const names = execFileSync('find', ['.', '-type', 'f'], { cwd: join(root, 'content'), encoding: 'utf8' });
    const files = names.split('\n').filter((name) => name !== '');
    const notes: string[] = [];
    reportSubmodules(snapshot, { directory: '.', clone }, (note) => notes.push(note));
    return {
      commit: snapshot.commit,
      files: Object.fromEntries(
        files.sort().map((name) => [name.slice(2), readFileSync(join(root, 'content', name), 'utf8')]),
      ),
      notes,
    };
  } finally {
    snapshot.dispose();
    rmSync(join(root, 'content'), { recursive: true, force: true });
  }
}

function withSubmodule(): void {
  repository('inner', { 'inner.go': 'package inner\n' });
  repository('lib', { 'lib.go': 'package lib\n' });
  git('lib', 'submodule', '--quiet', 'add', join(root, 'inner'), 'deps/inner');
  commit('lib');
  repository('shop', { 'main.go': 'package main\n' });
  git('shop', 'submodule', '--quiet', 'add', join(root, 'lib'), 'third party/lib');
  commit('shop');
  git('shop', 'submodule', '--quiet', 'update', '--init', '--recursive');
}

const pointerTo = (content: string) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${createHash('sha256').update(content).digest('hex')}\nsize ${content.length}\n`;
const attributes = { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' };

describe('the source of a run with source.clone: full', () => {
  test('has the submodules at their commits, and those of submodules, under the name of the commit', async () => {
    withSubmodule();
    const { commit: name, files, notes } = await contentOf('shop');
    expect(name).toBe(git('shop', 'rev-parse', 'HEAD').trim());
    expect(files).toMatchObject({
      'main.go': 'package main\n',
      'third party/lib/lib.go': 'package lib\n',
      'third party/lib/deps/inner/inner.go': 'package inner\n',
    });
    expect(notes).toEqual([]);
  });

  test('has committed files of submodules only, as the pipeline, and says so', async () => {
    withSubmodule();
    write('shop/third party/lib', { 'lib.go': 'package changed\n', 'new.go': 'package lib\n' });
    const { files, notes } = await contentOf('shop');
    expect(files['third party/lib/lib.go']).toBe('package lib\n');
    expect(files).not.toHaveProperty(['third party/lib/new.go']);
    expect(notes).toEqual([
      'uncommitted changes of the submodule third party/lib are not in this run: commit them there',
    ]);
  });

  test('names a submodule that is not checked out', async () => {
    withSubmodule();
    git('shop', 'submodule', '--quiet', 'deinit', '--force', 'third party/lib');
    const { files, notes } = await contentOf('shop');
    expect(Object.keys(files).filter((name) => name.startsWith('third'))).toEqual([]);
    expect(notes).toEqual([
      'the submodule third party/lib is empty in this run, because it is not checked out at its commit: if the build needs it, run git submodule update --init --recursive',
    ]);
  });

  test('has the content of Git LFS from the store of git-lfs, and from a work tree without git-lfs', async () => {
    repository('shop', { ...attributes, 'a.bin': pointerTo('content of a'), 'b.bin': pointerTo('content of b') });
    const oid = /sha256:(.*)/.exec(pointerTo('content of a'))?.[1] ?? '';
    write(`shop/.git/lfs/objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}`, { [oid]: 'content of a' });
    write('shop', { 'b.bin': 'content of b' });
    const { files } = await contentOf('shop');
    expect([files['a.bin'], files['b.bin']]).toEqual(['content of a', 'content of b']);
  });

  test('does not take another content for that of a pointer', async () => {
    repository('shop', { ...attributes, 'a.bin': pointerTo('content of a') });
    const oid = /sha256:(.*)/.exec(pointerTo('content of a'))?.[1] ?? '';
    write(`shop/.git/lfs/objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}`, { [oid]: 'tampered' });
    expect((await contentOf('shop')).files['a.bin']).toBe(pointerTo('content of a'));
  });

  test('has files that an archive leaves out or changes by attribute', async () => {
    repository('shop', {
      '.gitattributes': 'data export-ignore\nversion.txt export-subst\n',
      data: 'x',
      'version.txt': '$Format:%H$',
    });
    expect((await contentOf('shop')).files).toMatchObject({ data: 'x', 'version.txt': '$Format:%H$' });
    expect((await contentOf('shop', 'archive')).files).not.toHaveProperty('data');
  });

  test('changes neither the repository nor its submodules', async () => {
    withSubmodule();
    const state = () => [
      git('shop', 'status', '--porcelain'),
      git('shop', 'count-objects'),
      git('shop/third party/lib', 'count-objects'),
      git('shop', 'ls-files', '--stage'),
    ];
    const before = state();
    await contentOf('shop');
    expect(state()).toEqual(before);
  });

  test('can be a folder of a repository', async () => {
    withSubmodule();
    write('shop', { 'services/api/main.go': 'package api\n' });
    git('shop', 'submodule', '--quiet', 'add', join(root, 'inner'), 'services/api/inner');
    commit('shop');
    expect((await contentOf('shop/services/api')).files).toEqual({
      'inner/inner.go': 'package inner\n',
      'main.go': 'package api\n',
    });
  });
});

test('with an archive, submodules are empty, and the note names the field', async () => {
  withSubmodule();
  const { files, notes } = await contentOf('shop', 'archive');
  expect(Object.keys(files)).toEqual(['.gitmodules', 'main.go']);
  expect(notes).toEqual([
    'the submodule third party/lib is empty in this run, as on AWS: if the build needs it, set source.clone: full, vendor it (go mod vendor) or copy it',
  ]);
});
