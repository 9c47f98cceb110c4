import { findSourceProblem, type StepFailure } from '../../lib/image';

const build = 'go build -v -trimpath -o /out/root/shop .';
const findProblem = (lines: readonly string[], changes: Partial<StepFailure> = {}, directory = '.') =>
  findSourceProblem({ command: build, exitCode: 1, lines, ...changes }, 'shop', directory);

test('a compile error contains the lines of the compiler without package names', () => {
  const lines = [
    'internal/runtime/atomic',
    'golang.org/x/net/html',
    'example.com/shop',
    '# example.com/shop',
    './main.go:9:14: cannot use f(1) (value of type int) as string value in argument to g:',
    '\thave (int)',
    './main.go:10:14: undefined: readTimeout',
  ];
  expect(findProblem(lines)).toEqual({
    code: 'does-not-compile',
    message: [
      'shop does not compile:',
      '  main.go:9:14: cannot use f(1) (value of type int) as string value in argument to g:',
      '  \thave (int)',
      '  main.go:10:14: undefined: readTimeout',
    ].join('\n'),
  });
});

test('paths are relative to the root of the repository, and the platform is named if it is known', () => {
  const lines = ['# example.com/shop/web', 'web/page.go:3:5: undefined: x', '/usr/include/a.h:1:1: error: b'];
  expect(findProblem(lines, { platform: 'linux/mips' }, './services/shop/')?.message).toBe(
    'shop does not compile for linux/mips:\n  services/shop/web/page.go:3:5: undefined: x\n  /usr/include/a.h:1:1: error: b',
  );
});

test.each([
  ['C code', '# example.com/shop', './add.c:3:9: error: expected expression before ‘;’ token'],
  ['linking', '# example.com/shop', '/usr/bin/ld: $WORK/b001/_x002.o: undefined reference to `add'],
  ['a missing requirement', 'main.go:3:8: no required module provides package example.com/a; to add it:', ''],
  ['a vendor folder', 'go: inconsistent vendoring in /source:', '\texample.com/a@v1: is explicitly required in go.mod'],
  ['a missing package', 'stat /source/cmd/shop: directory not found', ''],
])('an error about %s is an error in the source', (_, first, second) => {
  expect(findProblem([first, second])?.code).toBe('does-not-compile');
});

test('an error of an embed pattern has no hint: the source is checked for excluded files before', () => {
  expect(findProblem(['main.go:5:12: pattern certs/roots.pem: no matching files found'])?.message).toBe(
    'shop does not compile:\n  main.go:5:12: pattern certs/roots.pem: no matching files found',
  );
});

test('the position in another module of the repository is relative to its root', () => {
  const found = findProblem(['../../libs/money/money.go:3:1: undefined: x'], {}, 'services/billing');
  expect(found?.message).toContain('\n  libs/money/money.go:3:1: undefined: x');
});

test.each([
  [
    'by the main module',
    'go: go.mod requires go >= 1.99 (running go 1.26.8; GOTOOLCHAIN=local)',
    'go mod download',
    /^shop: go\.mod requires Go 1\.99 or newer, but the builder has Go 1\.26\.8: .*bases\.builder/,
  ],
  [
    'by a required module',
    'go: example.com/a@v1.2.0 requires go >= 1.99.1 (running go 1.26.8; GOTOOLCHAIN=local)',
    'go mod download',
    /^shop: example\.com\/a@v1\.2\.0 requires Go 1\.99\.1/,
  ],
  [
    'by a vendored module',
    'go: go.mod requires go >= 1.99rc1 (running go 1.26.8; GOTOOLCHAIN=local)',
    build,
    /requires Go 1\.99rc1/,
  ],
])('a newer Go that is required %s is reported', (_, line, command, message) => {
  const found = findProblem([line], { command });
  expect(found?.code).toBe('go-too-old');
  expect(found?.message).toMatch(message);
});

test('an invalid go.mod is an error in the source, reported with the message of go', () => {
  const lines = ['go: errors parsing go.mod:', "/source/go.mod:3: invalid go version '1.x'"];
  expect(findProblem(lines, { command: 'go mod download' })).toEqual({
    code: 'modules-unfit',
    message: "shop: go mod download reports:\n  go: errors parsing go.mod:\n  go.mod:3: invalid go version '1.x'",
  });
});

test.each([
  ['a module that does not match go.sum', 'go mod download', ['verifying example.com/a@v1.0.0: checksum mismatch']],
  ['a compiler that was killed', build, ['# runtime', '/usr/local/go/pkg/tool/linux_amd64/compile: signal: killed']],
  ['a full disk', build, ['go: writing /cache/a: no space left on device']],
  ['no output', build, ['example.com/shop']],
  ['an unavailable module', 'go mod download', ['go: example.com/a@v1.0.0: dial tcp 1.2.3.4:443: i/o timeout']],
])('%s is not an error in the source', (_, command, lines) => {
  expect(findProblem(lines, { command })).toBeUndefined();
});

test('a long list of errors is truncated with a note', () => {
  const message = findProblem(Array.from({ length: 60 }, (_, index) => `a.cc:${index + 1}:1: error: x`))?.message ?? '';
  expect(message.split('\n')).toHaveLength(42);
  expect(message).toMatch(/… and 20 more lines$/);
});
