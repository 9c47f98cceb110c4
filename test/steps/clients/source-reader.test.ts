import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceQuestion } from '../../../lib/image';
import { readSourceFacts } from '../../../lib/steps/clients/source-reader';
import { type Checkout, embedding, goMod, openCheckout, program } from '../checkout';

let checkout: Checkout;
beforeEach(() => {
  checkout = openCheckout();
});
afterEach(() => checkout.dispose());

const linux = { os: 'linux', arch: 'amd64', cgo: false };

function read(question: Partial<SourceQuestion> = {}) {
  return readSourceFacts({ checkout: checkout.directory, directory: '.', targets: [linux], ...question });
}

/** The answer of the go command in a folder of the checkout, without network. */
function goList(directory = '.'): {
  readonly EmbedFiles?: readonly string[];
  readonly Error?: { readonly Err: string };
} {
  const answer = execFileSync('go', ['list', '-e', '-json=EmbedFiles,Error', '.'], {
    cwd: join(checkout.directory, directory),
    encoding: 'utf8',
    env: { ...process.env, GOFLAGS: '-mod=readonly', GOPROXY: 'off', CGO_ENABLED: '0', GOOS: 'linux', GOARCH: 'amd64' },
  });
  return JSON.parse(answer);
}

const assets = {
  'go.mod': goMod('example.com/files'),
  'assets/site.css': 'x',
  'assets/.hidden': 'x',
  'assets/_draft.html': 'x',
  'assets/certs/root.pem': 'x',
  'assets/certs/handler_test.go': 'package x\n',
  'assets/.git/config': 'x',
  'assets/module/go.mod': goMod('example.com/other'),
  'assets/module/file.txt': 'x',
  'assets/[id].html': 'x',
  'only-hidden/.keep': 'x',
  'with space.txt': 'x',
  '.env': 'x',
};

test.each([
  ['a folder', 'assets'],
  ['a folder with hidden files', 'all:assets'],
  ['a hidden file by name', 'assets/.hidden'],
  ['a hidden file of the root', '.env'],
  ['a wildcard', 'assets/*'],
  ['a wildcard in folders', '*/certs'],
  ['quoted text', '"with space.txt"'],
  ['a raw string', '`with space.txt`'],
  ['several patterns', 'assets/certs assets/site.css assets/certs/root.pem'],
  ['a name with brackets', 'assets/\\[id\\].html'],
  ['a file of a nested module', 'assets/module/file.txt'],
  ['a folder of hidden files', 'only-hidden'],
  ['all files of a folder of hidden files', 'all:only-hidden'],
  ['nothing', 'missing.txt'],
  ['a pattern that leaves the package', '../x'],
  ['a pattern with a syntax error', 'a[.txt'],
  ['the package itself', '.'],
  ['a folder of version control', 'assets/.git/config'],
  ['a link', 'linked.txt'],
  ['a folder with a link', 'linking'],
  ['a file below a linked folder', 'linked-folder/site.css'],
])('resolves %s to the files of the go command, or to its error', async (_, pattern) => {
  checkout.write({ ...assets, 'main.go': embedding(pattern), 'linking/file.txt': 'x' });
  symlinkSync('with space.txt', join(checkout.directory, 'linked.txt'));
  symlinkSync('../with space.txt', join(checkout.directory, 'linking/link.txt'));
  symlinkSync('assets', join(checkout.directory, 'linked-folder'));
  const { embeds } = await read();
  const expected = goList();
  const error = embeds.find((embed) => embed.error !== undefined)?.error;
  if (expected.Error === undefined) {
    expect(error).toBeUndefined();
    expect([...new Set(embeds.flatMap(({ files }) => files))].sort()).toEqual([...(expected.EmbedFiles ?? [])].sort());
  } else {
    expect(error).toBeDefined();
    expect(expected.Error.Err.endsWith(error as string)).toBe(true);
  }
});

test('a name that no module can contain is an error, as for the go command', async () => {
  checkout.write({ ...assets, 'main.go': embedding('odd'), "odd/it's.txt": 'x' });
  const { embeds } = await read();
  expect(embeds[0]?.error).toBe("cannot embed file odd/it's.txt: invalid name it's.txt");
  expect(goList().Error?.Err).toContain(embeds[0]?.error);
});

test('a folder stands for its files where all of them are embedded', async () => {
  checkout.write({
    'go.mod': goMod('example.com/files'),
    'main.go': embedding('web'),
    'web/static/a.css': 'x',
    'web/static/deep/b.css': 'x',
    'web/pages/index.html': 'x',
    'web/pages/.draft': 'x',
  });
  expect((await read()).embeds).toMatchObject([
    { cover: ['web/pages/index.html', 'web/static'], files: expect.arrayContaining(['web/static/deep/b.css']) },
  ]);
});

test('directives in a block of variables count, with the position of each pattern', async () => {
  checkout.write({
    'go.mod': goMod('example.com/greeter'),
    'main.go':
      'package main\n\nimport "embed"\n\nvar (\n\t//go:embed banner.txt\n\tbanner string\n\n\t//go:embed pages/*.html pages/a.html\n\tpages embed.FS\n)\n\nfunc main() {}\n',
    'banner.txt': 'hi',
    'pages/a.html': '<p>',
  });
  expect((await read()).embeds.map(({ pattern, positions, files }) => [pattern, positions, files])).toEqual([
    ['banner.txt', ['main.go:6:13'], ['banner.txt']],
    ['pages/*.html', ['main.go:9:13'], ['pages/a.html']],
    ['pages/a.html', ['main.go:9:26'], ['pages/a.html']],
  ]);
});

test('a directive in a comment, in a test and in a package that the program does not import does not count', async () => {
  checkout.write({
    'go.mod': goMod('example.com/a'),
    'main.go': `${program('example.com/a/used')}\n/*\n//go:embed no.txt\n*/\n// go:embed no.txt\n`,
    'main_test.go': embedding('only-for-tests'),
    'used/used.go': embedding('used.txt', 'used'),
    'used/used.txt': 'x',
    'unused/unused.go': embedding('missing', 'unused'),
  });
  expect((await read()).embeds.map(({ directory, pattern }) => [directory, pattern])).toEqual([['used', 'used.txt']]);
});

test('files are selected per platform, by tags, experiments and the level of GOAMD64', async () => {
  const constrained = (constraint: string, pattern: string) =>
    `//go:build ${constraint}\n\n${embedding(pattern, 'main').replace('\nfunc main() {}\n', '').replace('Files', `Files${pattern[0]}`)}`;
  checkout.write({
    'go.mod': goMod('example.com/a'),
    'main.go': program(),
    'a_windows.go': constrained('windows', 'windows.txt'),
    'b.go': constrained('pro', 'pro.txt'),
    'c.go': constrained('goexperiment.jsonv2', 'json.txt'),
    'd.go': constrained('amd64.v3', 'vector.txt'),
    'windows.txt': '',
    'pro.txt': '',
    'json.txt': '',
    'vector.txt': '',
  });
  const patterns = async (question: Partial<SourceQuestion>) =>
    (await read(question)).embeds.map(({ pattern, targets }) => [pattern, ...targets]);
  const windows = { os: 'windows', arch: 'amd64', cgo: false };
  expect(await patterns({})).toEqual([]);
  expect(await patterns({ targets: [linux, windows] })).toEqual([['windows.txt', 'windows/amd64']]);
  expect(await patterns({ tags: ['pro'] })).toEqual([['pro.txt', 'linux/amd64']]);
  expect(await patterns({ experiments: ['jsonv2'] })).toEqual([['json.txt', 'linux/amd64']]);
  expect(await patterns({ amd64: 'v4' })).toEqual([['vector.txt', 'linux/amd64']]);
});

describe('replacements', () => {
  test('comments are none, quotes are removed, and each leads to its folder', async () => {
    checkout.write({
      'service/go.mod': goMod(
        'example.com/shop/cart',
        'require (\n\texample.com/a v1.0.0\n\texample.com/b v1.0.0\n\texample.com/c v1.0.0\n)',
        'replace (\n\t//example.com/shop/log => ../log\n\t"example.com/a" v1.0.0 => "./in side"\n\texample.com/b => ./../b // why\n\texample.com/c => ../../c\n\texample.com/d => example.com/e v1.0.0\n\texample.com/f => ../missing\n)',
      ),
      'service/main.go': program(),
      'service/in side/go.mod': goMod('example.com/a'),
      'b/go.mod': goMod('example.com/b'),
    });
    const { replacements } = await read({ directory: 'service' });
    expect(
      replacements.map(({ path, place, folder, exists, required }) => [path, place, folder, exists, required]),
    ).toEqual([
      ['example.com/a', 'source', 'service/in side', true, true],
      ['example.com/b', 'checkout', 'b', true, true],
      ['example.com/c', 'outside', undefined, false, true],
      ['example.com/d', undefined, undefined, false, false],
      ['example.com/f', 'checkout', 'missing', false, false],
    ]);
    expect(replacements[0]?.position).toBe('service/go.mod:13');
  });

  test('a module that a replaced module requires is replaced too', async () => {
    checkout.write({
      'go.mod': goMod(
        'example.com/a',
        'require example.com/b v0.0.0',
        'replace example.com/b => ./b',
        'replace example.com/c => ./c',
      ),
      'main.go': program('example.com/b'),
      'b/go.mod': goMod('example.com/b', 'require example.com/c v0.0.0'),
      'b/b.go': 'package b\n\nimport _ "example.com/c"\n',
      'c/go.mod': goMod('example.com/c'),
      'c/c.go': embedding('c.txt', 'c'),
      'c/c.txt': '',
    });
    const facts = await read();
    expect(facts.localModules.map(({ directory, kind, needed }) => [directory, kind, needed])).toEqual([
      ['.', 'main', true],
      ['b', 'replacement', true],
      ['c', 'replacement', true],
    ]);
    expect(facts.embeds.map(({ files }) => files)).toEqual([['c/c.txt']]);
    expect(facts.requirements).toEqual([{ path: 'example.com/b', version: 'v0.0.0', indirect: false, local: true }]);
  });
});

describe('workspaces', () => {
  const files = {
    'go.work': 'go 1.26\n\nuse (\n\t./libs/money\n\t./libs/unused\n\t./services/billing\n)\n',
    'libs/money/go.mod': goMod('example.com/money'),
    'libs/money/money.go': 'package money\n',
    'libs/unused/go.mod': goMod('example.com/unused'),
    'services/billing/go.mod': goMod('example.com/billing', 'require example.com/money v0.0.0'),
    'services/billing/main.go': program('example.com/money'),
  };

  test('a go.work above the module is found, with the modules that the program needs', async () => {
    checkout.write(files);
    const facts = await read({ directory: 'services/billing' });
    expect(facts.mode).toBe('workspace');
    expect(facts.workspace).toMatchObject({ file: 'go.work', usesModule: true });
    expect(facts.localModules.map(({ directory, needed }) => [directory, needed])).toEqual([
      ['services/billing', true],
      ['libs/money', true],
      ['libs/unused', false],
    ]);
    expect(facts.requirements[0]?.local).toBe(true);
  });

  test('a go.work outside of the checkout does not count', async () => {
    checkout.write(files);
    const facts = await read({ checkout: join(checkout.directory, 'services'), directory: 'billing' });
    expect(facts.workspace).toBeUndefined();
    expect(facts.mode).toBe('module');
  });

  test('a go.work that does not use the module does not apply', async () => {
    checkout.write({ ...files, 'go.work': 'go 1.26\n\nuse ./libs/money\n' });
    const facts = await read({ directory: 'services/billing' });
    expect(facts.workspace?.usesModule).toBe(false);
    expect(facts.mode).toBe('module');
  });

  test('a module with a vendor folder of its own is built from it, unless build.vendor is never', async () => {
    checkout.write({
      ...files,
      'services/billing/vendor/modules.txt': '# example.com/money v0.0.0\n## explicit; go 1.26\nexample.com/money\n',
      'services/billing/vendor/example.com/money/money.go': 'package money\n',
    });
    expect((await read({ directory: 'services/billing' })).mode).toBe('vendor');
    expect((await read({ directory: 'services/billing', vendor: 'never' })).mode).toBe('workspace');
  });

  test('the vendor folder of a workspace is used', async () => {
    checkout.write({ ...files, 'vendor/modules.txt': '## workspace\n' });
    const facts = await read({ directory: 'services/billing' });
    expect(facts.mode).toBe('workspace-vendor');
    expect(facts.vendor?.directory).toBe('vendor');
  });
});

test.each([
  [
    'is consistent',
    '# example.com/log v0.0.0 => ../log\n## explicit; go 1.26\nexample.com/log\n# example.com/log => ../log\n',
    0,
  ],
  ['lacks a requirement', '', 2],
  [
    'has another replacement',
    '# example.com/log v0.0.0 => ../other\n## explicit\nexample.com/log\n# example.com/log => ../other\n',
    1,
  ],
  [
    'has another version',
    '# example.com/log v0.1.0 => ../log\n## explicit\nexample.com/log\n# example.com/log => ../log\n',
    2,
  ],
])('a vendor folder that %s is refused where the go command refuses it', async (_, list, problems) => {
  checkout.write({
    'go.mod': goMod('example.com/cart', 'require example.com/log v0.0.0', 'replace example.com/log => ../log'),
    'main.go': program('example.com/log'),
    'vendor/modules.txt': list,
    'vendor/example.com/log/log.go': 'package log\n',
  });
  const facts = await read();
  expect(facts.vendor?.problems).toHaveLength(problems);
  expect(facts.packages.map(({ directory }) => directory)).toEqual(['.', 'vendor/example.com/log']);
  const { status, stderr } = spawnSync('go', ['build', '-mod=vendor', '-o', '/dev/null', '.'], {
    cwd: checkout.directory,
    encoding: 'utf8',
  });
  expect(status === 0).toBe(problems === 0);
  for (const problem of facts.vendor?.problems ?? []) {
    expect(stderr).toContain(problem.slice(0, problem.indexOf(':')));
  }
});

describe('the main package', () => {
  test.each([
    ['a program', { 'main.go': program() }, '.', { kind: 'program', name: 'main' }],
    ['a library', { 'a.go': 'package orders\n' }, '.', { kind: 'library', name: 'orders' }],
    ['a folder that does not exist', {}, './cmd/none', { kind: 'missing' }],
    ['a folder without Go files', { 'cmd/api/README.md': '' }, './cmd/api', { kind: 'empty' }],
    ['a folder of tests', { 'a_test.go': 'package a\n' }, '.', { kind: 'empty' }],
    [
      'files for another platform',
      { 'main_windows.go': program() },
      '.',
      { kind: 'excluded', detail: 'main_windows.go' },
    ],
    [
      'files of two packages',
      { 'a.go': 'package a\n', 'b.go': 'package b\n' },
      '.',
      { kind: 'conflict', detail: 'a.go is package a, and b.go is package b' },
    ],
    [
      'a folder of another module',
      { 'cmd/api/go.mod': goMod('example.com/api'), 'cmd/api/main.go': program() },
      'cmd/api',
      { kind: 'other-module', detail: 'cmd/api' },
    ],
  ])('is %s', async (_, files, main, expected) => {
    checkout.write({ 'go.mod': goMod('example.com/a'), ...(files as Record<string, string>) });
    expect((await read({ main })).main).toMatchObject(expected);
  });

  test('has candidates: the main packages of the module, without generators, tests and other modules', async () => {
    checkout.write({
      'go.mod': goMod('example.com/a'),
      'a.go': 'package a\n',
      'cmd/server/main.go': program(),
      'cmd/tool/main.go': program(),
      'cmd/tool/generate.go': `//go:build ignore\n\n${program()}`,
      'gen/gen.go': `//go:build ignore\n\n${program()}`,
      'testdata/x/main.go': program(),
      'other/go.mod': goMod('example.com/other'),
      'other/main.go': program(),
      'vendor/example.com/x/main.go': program(),
    });
    const facts = await read();
    expect(facts.candidates).toEqual(['./cmd/server', './cmd/tool']);
    expect(facts.modules.map(({ directory }) => directory)).toEqual(['.', 'other']);
  });

  test('is not looked for without go.mod, but the modules of the checkout are', async () => {
    checkout.write({ 'api/go.mod': goMod('example.com/api') });
    const facts = await read();
    expect(facts.module).toBeUndefined();
    expect(facts.modules).toEqual([{ directory: 'api', path: 'example.com/api' }]);
  });
});

describe('cgo', () => {
  const cgoFile = (body: string, name = 'lib') => `package ${name}\n\nimport "C"\n\n${body}\n`;

  test.each([
    ['has only files with cgo', { 'lib/a.go': cgoFile('') }, true, []],
    [
      'has pure Go in place of cgo',
      { 'lib/a.go': cgoFile('func Sum() {}'), 'lib/b.go': '//go:build !cgo\n\npackage lib\n\nfunc Sum() {}\n' },
      false,
      [],
    ],
    [
      'uses names of a file with cgo',
      {
        'lib/a.go': cgoFile('func sum() int { return 1 }'),
        'lib/b.go': 'package lib\n\nfunc Sum() int { return sum() }\n',
      },
      true,
      ['sum'],
    ],
    [
      'has names of a file with cgo that nothing uses',
      { 'lib/a.go': cgoFile('func sum() {}'), 'lib/b.go': 'package lib\n' },
      false,
      [],
    ],
  ])('a package that %s', async (_, files, needed, missing) => {
    checkout.write({
      'go.mod': goMod('example.com/a'),
      'main.go': program('example.com/a/lib'),
      ...(files as Record<string, string>),
    });
    expect((await read()).cgo).toMatchObject([
      { directory: 'lib', files: ['lib/a.go'], needed, missing, targets: ['linux/amd64'] },
    ]);
    expect((await read({ targets: [{ ...linux, cgo: true }] })).cgo).toEqual([]);
  });

  test('is needed where an importer selects a name of a file with cgo', async () => {
    checkout.write({
      'go.mod': goMod('example.com/a'),
      'main.go': 'package main\n\nimport "example.com/a/lib"\n\nfunc main() { lib.Sum() }\n',
      'lib/a.go': cgoFile('func Sum() {}'),
      'lib/b.go': 'package lib\n\nfunc Other() {}\n',
    });
    expect((await read()).cgo).toMatchObject([{ needed: true, missing: ['Sum'] }]);
  });

  test('is needed where the program itself imports "C"', async () => {
    checkout.write({ 'go.mod': goMod('example.com/a'), 'main.go': cgoFile('func main() {}', 'main') });
    const facts = await read();
    expect(facts.main?.kind).toBe('program');
    expect(facts.cgo).toMatchObject([{ directory: '.', needed: true }]);
  });
});

const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 7340032\n';

test('pointers of Git LFS are found among the files that the build reads, and nowhere else', async () => {
  checkout.write({
    'go.mod': goMod('example.com/a'),
    'main.go': embedding('data.bin'),
    'data.bin': pointer,
    'unrelated.bin': pointer,
    'lib_amd64.syso': pointer,
    'web/page.html': pointer,
  });
  const facts = await read({ paths: ['web', 'nothing', 'data.bin'] });
  expect(facts.lfsPointers).toEqual(['data.bin', 'lib_amd64.syso', 'web/page.html']);
  expect(facts.paths).toEqual([
    { path: 'web', kind: 'folder', files: ['web/page.html'] },
    { path: 'nothing', kind: 'missing', files: [] },
    { path: 'data.bin', kind: 'file', files: ['data.bin'] },
  ]);
});

test('links to source files are followed and listed, and links that lead out of the checkout or nowhere have no target', async () => {
  checkout.write({ 'go.mod': goMod('example.com/a'), 'shared/a.txt': embedding('page.html'), 'page.html': '' });
  symlinkSync('shared/a.txt', join(checkout.directory, 'a.go'));
  symlinkSync('/etc/hostname', join(checkout.directory, 'b_linux.go'));
  symlinkSync('nowhere.txt', join(checkout.directory, 'c.go'));
  const facts = await read();
  expect(facts.embeds.map(({ pattern }) => pattern)).toEqual(['page.html']);
  expect(facts.links).toEqual([
    { path: 'a.go', target: 'shared/a.txt' },
    { path: 'b_linux.go', target: '' },
    { path: 'c.go', target: '' },
  ]);
});

test('a go.mod and a go.work with errors are problems with their positions', async () => {
  checkout.write({ 'go.mod': 'module example.com/a\n\nrequire x\n' });
  expect((await read()).problems).toEqual([
    { code: 'module-file', position: 'go.mod', message: expect.stringContaining('go.mod:3') },
  ]);
  checkout.write({ 'go.mod': goMod('example.com/a'), 'go.work': 'go 1.26\n\nuse ./a ./b\n' });
  expect((await read()).problems).toEqual([
    { code: 'module-file', position: 'go.work', message: expect.stringContaining('go.work:3') },
  ]);
});

test('reads the go line and the toolchain line', async () => {
  checkout.write({ 'go.mod': 'module example.com/a\n\ngo 1.25.0\n\ntoolchain go1.26.1\n', 'main.go': program() });
  expect((await read()).module).toEqual({
    path: 'example.com/a',
    directory: '.',
    go: '1.25.0',
    toolchain: 'go1.26.1',
    hasSum: false,
  });
});

test('a checkout that does not exist is an error', async () => {
  await expect(read({ checkout: join(checkout.directory, 'none') })).rejects.toThrow(/source-reader .*no such file/s);
  mkdirSync(join(checkout.directory, 'empty'));
  expect((await read({ checkout: join(checkout.directory, 'empty') })).modules).toEqual([]);
});
