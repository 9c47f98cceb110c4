import { exitCause } from '../../../lib/image/start/exit-cause';

test.each([
  [
    'a panic',
    ['panic: runtime error: index out of range [3] with length 3', '', 'goroutine 1 [running]:', 'main.main()'],
  ],
  ['a fatal error of the runtime', ['fatal error: all goroutines are asleep - deadlock!']],
  [
    'a panic at initialization',
    ['panic: duplicate metrics collector registration attempted', 'goroutine 1 [running]:'],
  ],
  ['an unknown flag', ['flag provided but not defined: -serve', 'Usage of /shop:', '  -port int']],
  ['an unknown command', ['Error: unknown command "serve" for "shop"']],
  ['a missing required flag', ['Error: required flag(s) "config" not set']],
  ['a file that is not in the image', ['2026/01/01 open config/app.yaml: no such file or directory']],
  ['a folder that it must not create', ['mkdir /data: permission denied']],
  ['a missing library', ['/shop: error while loading shared libraries: libvips.so.42: cannot open shared object file']],
  ['an old C library', ["/shop: /lib/libc.so.6: version `GLIBC_2.38' not found (required by /shop)"]],
  ['a port that it must not use', ['listen tcp :80: bind: permission denied']],
])('%s is an error of the program', (_, output) => {
  expect(exitCause(output, [])).toBe('program');
});

test.each([
  ['a refused connection', ['dial tcp 10.0.0.5:5432: connect: connection refused']],
  ['a host without address', ['panic: lookup db on 10.96.0.10:53: no such host']],
  ['a missing variable, by a panic', ['panic: environment variable DATABASE_URL is required']],
  ['a missing variable, by its name', ['level=fatal msg="DATABASE_URL must be set"']],
  ['a missing variable, by envconfig', ['required key ORDERS_TOKEN missing value']],
  [
    'a missing service account',
    ['open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory'],
  ],
  ['missing AWS credentials', ['failed to refresh cached credentials, no EC2 IMDS role found']],
])('%s is about something from outside', (_, output) => {
  expect(exitCause(output, [])).toBe('outside');
});

test('a panic whose text names a secret that the start does not have is about something from outside', () => {
  const output = ['panic: illegal base64 data in SIGNINGKEY', 'goroutine 1 [running]:'];
  expect(exitCause(output, ['SIGNINGKEY'])).toBe('outside');
  expect(exitCause(output, [])).toBe('program');
});

test('a stack trace through a database driver does not hide a panic of the program', () => {
  const output = [
    'panic: runtime error: invalid memory address or nil pointer dereference',
    'goroutine 1 [running]:',
    'example.com/shop/dial.tcp(0x0)',
    '\t/source/dial/tcp.go:12 +0x1d',
  ];
  expect(exitCause(output, [])).toBe('program');
});

test('an end without a word is undecided', () => {
  expect(exitCause([], [])).toBe('unknown');
  expect(exitCause(['shutting down'], [])).toBe('unknown');
});
