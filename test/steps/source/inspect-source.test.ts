import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectSource } from '../../../lib/steps';
import { parseService } from '../../image/parse-service';
import { type Checkout, embedding, goMod, openCheckout, program } from '../checkout';

let checkout: Checkout;
beforeEach(() => {
  checkout = openCheckout();
});
afterEach(() => checkout.dispose());

function git(...words: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], {
    cwd: checkout.directory,
    stdio: 'pipe',
  });
}

/** Commits all files that git does not ignore. */
function commit(): void {
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'all');
}

const inspectClone = () =>
  inspectSource(checkout.directory, parseService('{}', '{ repository: a/shop, clone: full }').service);
const inspect = (build = '{}') => inspectSource(checkout.directory, parseService(build).service);

const site = {
  'go.mod': goMod('example.com/site'),
  'main.go': embedding('dist'),
  'dist/index.html': '<p>',
  'dist/app.js': 'x',
};

test('a committed source and a source without git have no notes', async () => {
  checkout.write(site);
  expect((await inspect()).notes).toEqual([]);
  commit();
  expect((await inspect()).notes).toEqual([]);
});

test('a pattern that matches only ignored files is an error, because a pipeline finds none', async () => {
  checkout.write({ ...site, '.gitignore': 'dist/\n' });
  commit();
  await expect(inspect()).rejects.toMatchObject({
    code: 'recipe',
    exitCode: 3,
    message:
      'shop: main.go:5:12: pattern dist matches only files that git ignores, so a pipeline finds none: dist/app.js, dist/index.html. Commit them, because no step of the pipeline generates them',
  });
});

test('some ignored files of a pattern are noted, and new files too', async () => {
  checkout.write({ ...site, '.gitignore': '*.js\n' });
  commit();
  checkout.write({ 'dist/new.css': '' });
  expect((await inspect()).notes).toEqual([
    'git ignores files that are in your work tree, so the image of a pipeline does not have them: dist/app.js',
    'files of the build are not in git yet: commit them, or a pipeline does not have them: dist/new.css',
  ]);
});

test('generated code that git ignores is an error', async () => {
  checkout.write({
    'go.mod': goMod('example.com/api'),
    'main.go': program('example.com/api/gen'),
    'gen/api.pb.go': 'package gen\n',
    '.gitignore': '*.pb.go\n',
  });
  commit();
  await expect(inspect()).rejects.toThrow(
    'shop: git ignores files that the compiler reads, so a pipeline does not have them: gen/api.pb.go',
  );
});

test('a go.work that git ignores does not count, even if it leads out of the repository', async () => {
  checkout.write({
    'go.mod': goMod('example.com/api'),
    'main.go': program(),
    'go.work': 'go 1.26\n\nuse (\n\t.\n\t../elsewhere\n)\n',
  });
  await expect(inspect()).rejects.toThrow(/go\.work:5: the workspace uses \.\.\/elsewhere, which is outside/);
  checkout.write({ '.gitignore': 'go.work\n' });
  commit();
  const { facts, notes } = await inspect();
  expect(facts.mode).toBe('module');
  expect(facts.workspace).toBeUndefined();
  expect(notes).toEqual(['git ignores go.work, so a pipeline builds without it']);
});

test('an ignored vendor folder does not count', async () => {
  checkout.write({
    'go.mod': goMod('example.com/api', 'require example.com/log v1.0.0'),
    'go.sum': '',
    'main.go': program('example.com/log'),
    'vendor/modules.txt': '# example.com/log v1.0.0\n## explicit\nexample.com/log\n',
    'vendor/example.com/log/log.go': 'package log\n',
    '.gitignore': 'vendor/\n',
  });
  commit();
  const { facts, notes } = await inspect();
  expect(facts.mode).toBe('module');
  expect(notes).toEqual(['git ignores vendor/modules.txt, so a pipeline builds without it']);
});

test('a file in Git LFS is an error although the work tree has its content', async () => {
  checkout.write({ ...site, '.gitattributes': 'dist/*.js filter=lfs diff=lfs merge=lfs -text\n' });
  commit();
  await expect(inspect()).rejects.toThrow(
    'shop: the build reads files that are in Git LFS, and the source of a pipeline contains only their pointers: dist/app.js. Set source.clone: full, and deploy the pipeline, which then fetches the content. Otherwise, commit the content to git itself',
  );
  expect((await inspectClone()).notes).toEqual([]);
  checkout.write({ 'main.go': embedding('dist/index.html') });
  expect((await inspect()).notes).toEqual([]);
});

test('a pointer in the work tree is an error also with a clone, because this machine does not have the content', async () => {
  checkout.write({
    ...site,
    'dist/app.js': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
    '.gitattributes': 'dist/*.js filter=lfs diff=lfs merge=lfs -text\n',
  });
  commit();
  await expect(inspectClone()).rejects.toThrow(/dist\/app\.js\nOn your machine, run git lfs pull\./);
});

test('a module in a submodule is an error with the remedy', async () => {
  const other = openCheckout({ 'go.mod': goMod('example.com/log'), 'log.go': 'package log\n' });
  try {
    const inOther = (...words: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], { cwd: other.directory });
    inOther('init', '--quiet');
    inOther('add', '--all');
    inOther('commit', '--quiet', '--message', 'all');
    checkout.write({
      'go.mod': goMod('example.com/api', 'require example.com/log v0.0.0', 'replace example.com/log => ./log'),
      'main.go': program('example.com/log'),
    });
    commit();
    git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other.directory, 'log');
    await expect(inspect()).rejects.toThrow(
      'shop: the build reads log/log.go, which is in the submodule log. The source of this pipeline is an archive, which has no submodules: set source.clone: full, and deploy the pipeline; or vendor the module',
    );
    expect((await inspectClone()).notes).toEqual([]);
    writeFileSync(join(checkout.directory, 'log', 'new.go'), 'package log\n');
    expect((await inspectClone()).notes).toEqual([
      'files of the build are not in git yet: commit them, or a pipeline does not have them: log/new.go',
    ]);
  } finally {
    other.dispose();
  }
});
