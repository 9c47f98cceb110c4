import { type StepFailure, sourceProblemOf } from '../../lib/image';

const build = 'go build -v -trimpath -o /out/root/shop .';
const problem = (lines: readonly string[], changes: Partial<StepFailure> = {}, directory = '.') =>
  sourceProblemOf({ command: build, exitCode: 1, lines, ...changes }, 'shop', directory);

test('a compile error is the lines of the compiler, without the names of packages', () => {
  const lines = [
    'internal/runtime/atomic',
    'golang.org/x/net/html',
    'example.com/shop',
    '# example.com/shop',
    './main.go:9:14: cannot use f(1) (value of type int) as string value in argument to g:',
    '\thave (int)',
    './main.go:10:14: undefined: readTimeout',
  ];
  expect(problem(lines)).toEqual({
    code: 'does-not-compile',
    message: [
      'shop does not compile:',
      '  main.go:9:14: cannot use f(1) (value of type int) as string value in argument to g:',
      '  \thave (int)',
      '  main.go:10:14: undefined: readTimeout',
    ].join('\n'),
  });
});

test('places are told from the root of the repository, and the platform where it is known', () => {
  const lines = ['# example.com/shop/web', 'web/page.go:3:5: undefined: x', '/usr/include/a.h:1:1: error: b'];
  expect(problem(lines, { platform: 'linux/mips' }, './services/shop/')?.message).toBe(
    'shop does not compile for linux/mips:\n  services/shop/web/page.go:3:5: undefined: x\n  /usr/include/a.h:1:1: error: b',
  );
});

test.each([
  ['C', '# example.com/shop', './add.c:3:9: error: expected expression before ‘;’ token'],
  ['the linker', '# example.com/shop', '/usr/bin/ld: $WORK/b001/_x002.o: undefined reference to `add'],
  ['a module that nobody requires', 'main.go:3:8: no required module provides package example.com/a; to add it:', ''],
  ['a vendor folder', 'go: inconsistent vendoring in /source:', '\texample.com/a@v1: is explicitly required in go.mod'],
  ['a missing package', 'stat /source/cmd/shop: directory not found', ''],
])('what %s says is a problem of the source', (_, first, second) => {
  expect(problem([first, second])?.code).toBe('does-not-compile');
});

test('a file that is embedded and was kept out of the build is told with the way in', () => {
  expect(problem(['main.go:5:12: pattern certs/roots.pem: no matching files found'])?.message).toMatch(
    /main\.go:5:12: pattern certs\/roots\.pem: .*\n.*named in build\.include of the service/,
  );
});

test.each([
  [
    'of the main module',
    'go: go.mod requires go >= 1.99 (running go 1.26.8; GOTOOLCHAIN=local)',
    'go mod download',
    /^shop: go\.mod wants Go 1\.99 or newer, and the builder has Go 1\.26\.8: .*bases\.builder/,
  ],
  [
    'of a module that is required',
    'go: example.com/a@v1.2.0 requires go >= 1.99.1 (running go 1.26.8; GOTOOLCHAIN=local)',
    'go mod download',
    /^shop: example\.com\/a@v1\.2\.0 wants Go 1\.99\.1/,
  ],
  [
    'of a vendored one',
    'go: go.mod requires go >= 1.99rc1 (running go 1.26.8; GOTOOLCHAIN=local)',
    build,
    /wants Go 1\.99rc1/,
  ],
])('a newer Go, %s, is asked for in a sentence', (_, line, command, message) => {
  const found = problem([line], { command });
  expect(found?.code).toBe('go-too-old');
  expect(found?.message).toMatch(message);
});

test('a go.mod that can not be read is a problem of the source, in the words of go', () => {
  const lines = ['go: errors parsing go.mod:', "/source/go.mod:3: invalid go version '1.x'"];
  expect(problem(lines, { command: 'go mod download' })).toEqual({
    code: 'modules-unfit',
    message: "shop: go mod download says:\n  go: errors parsing go.mod:\n  go.mod:3: invalid go version '1.x'",
  });
});

test.each([
  [
    'a module of other content than go.sum says',
    'go mod download',
    ['verifying example.com/a@v1.0.0: checksum mismatch'],
  ],
  ['a compiler that was killed', build, ['# runtime', '/usr/local/go/pkg/tool/linux_amd64/compile: signal: killed']],
  ['a full disk', build, ['go: writing /cache/a: no space left on device']],
  ['silence', build, ['example.com/shop']],
  ['a module that can not be had', 'go mod download', ['go: example.com/a@v1.0.0: dial tcp 1.2.3.4:443: i/o timeout']],
])('%s is no problem of the source', (_, command, lines) => {
  expect(problem(lines, { command })).toBeUndefined();
});

test('a wall of errors is cut, and says so', () => {
  const message = problem(Array.from({ length: 60 }, (_, index) => `a.cc:${index + 1}:1: error: x`))?.message ?? '';
  expect(message.split('\n')).toHaveLength(42);
  expect(message).toMatch(/… and 20 more lines$/);
});
