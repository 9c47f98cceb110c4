import { ProgramError, retryTransient, transientReason } from '../../lib/process';

test.each([
  [
    'a proxy of modules',
    'go: example.com/a@v1.0.0: Get "https://proxy.golang.org/a": dial tcp 1.2.3.4:443: i/o timeout',
  ],
  ['a TLS handshake', 'Get "https://registry.example.com/v2/": net/http: TLS handshake timeout'],
  [
    'a client that gave up waiting',
    'Get "https://r.example.com/v2/": net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
  ],
  ['a deadline', 'failed to do request: Head "https://r.example.com/v2/a": context deadline exceeded'],
  ['a connection that timed out', 'dial tcp 1.2.3.4:443: connect: connection timed out'],
  ['a connection that is refused', 'dial tcp 127.0.0.1:5000: connect: connection refused'],
  ['a connection that is reset', 'read tcp 10.0.0.1:4000->1.2.3.4:443: read: connection reset by peer'],
  ['a pipe that broke', 'write tcp 10.0.0.1:4000->1.2.3.4:443: write: broken pipe'],
  [
    'a stream that broke off',
    'failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://r/": EOF',
  ],
  ['a blob that broke off', 'error: failed to solve: failed to copy: unexpected EOF'],
  ['a name that is not known yet', 'dial tcp: lookup r.example.com on 10.0.0.2:53: no such host'],
  ['a resolver in trouble', 'dial tcp: lookup r.example.com on 10.0.0.2:53: server misbehaving'],
  [
    'a registry that counts',
    'GET https://index.docker.io/v2/a: TOOMANYREQUESTS: You have reached your pull rate limit',
  ],
  ['an ECR that counts', 'toomanyrequests: Rate exceeded'],
  [
    'a KMS that counts',
    'operation error KMS: Sign, https response error StatusCode: 400, ThrottlingException: Rate exceeded',
  ],
  ['a KMS that is down', 'operation error KMS: Sign, https response error StatusCode: 503, RequestID: 1'],
  ['a registry that is down', 'unexpected status from HEAD request to https://r/v2/a/blobs/b: 503 Service Unavailable'],
  ['a gateway', 'unexpected status code 502 Bad Gateway: <html>'],
  [
    'a registry by its number',
    'HEAD https://r/v2/a/manifests/b: unexpected status code 504 (HEAD responses have no body)',
  ],
])('%s may answer the next time', (_, message) => {
  expect(transientReason(message)).toBe(message);
});

test.each([
  ['a variable', './main.go:10:14: undefined: readTimeout'],
  ['a constant', './main.go:11:2: undefined: ErrConnectionRefused'],
  ['a file that ends too early', './main.go:14:1: syntax error: unexpected EOF, expected }'],
  ['a line number', './main.go:504:2: declared and not used: n'],
  ['a column', './main.go:12:429: undefined: x'],
  ['a field', './main.go:9:3: unknown field Timeout in struct literal of type server'],
  ['a package', 'main.go:3:8: package example.com/timeout is not in std'],
  ['a string', './main.go:9:14: cannot use "502" (untyped string constant) as int value in assignment'],
  ['a missing image', 'GET https://r/v2/a/manifests/b: MANIFEST_UNKNOWN: manifest unknown'],
  ['a missing right', 'HEAD https://r/v2/a/blobs/b: unexpected status code 403 Forbidden'],
  ['a module that is not there', 'reading https://proxy.golang.org/a/@v/v9.info: 404 Not Found'],
  [
    'a digest that ends in such a number',
    'not found: r/a@sha256:00000000000000000000000000000000000000000000000000000000429502503',
  ],
  ['a module whose content is another', 'verifying example.com/a@v1.0.0: checksum mismatch'],
])('%s is as wrong the next time', (_, message) => {
  expect(transientReason(message)).toBeUndefined();
});

test('the reason is the line that gives one, not the last', () => {
  expect(transientReason('go: a: dial tcp: i/o timeout\n------\nDockerfile:12\n')).toBe('go: a: dial tcp: i/o timeout');
});

const failed = (stderr: string) =>
  new ProgramError('crane', { exitCode: 1, stdout: '', stderr, timedOut: false, seconds: 1 });
const plan = { attempts: 3, firstWaitSeconds: 0 };

test('work is done again until it succeeds, and each time is told', async () => {
  const told: string[] = [];
  let attempts = 0;
  const work = async () => {
    if (++attempts < 3) {
      throw failed('dial tcp: connection refused');
    }
    return 'done';
  };
  const onRetry = (attempt: number, reason: string) => told.push(`${attempt}: ${reason}`);
  expect(await retryTransient(work, { ...plan, onRetry })).toBe('done');
  expect(told).toEqual(['1: dial tcp: connection refused', '2: dial tcp: connection refused']);
});

test.each([
  ['what will not pass', failed('MANIFEST_UNKNOWN'), 1],
  ['what does not pass', failed('503 Service Unavailable'), 3],
  ['what was judged already', new Error('a.go:1:1: dial tcp: i/o timeout'), 1],
])('%s is thrown as it is', async (_, error, expected) => {
  let attempts = 0;
  const work = () => {
    attempts++;
    return Promise.reject(error);
  };
  await expect(retryTransient(work, plan)).rejects.toBe(error);
  expect(attempts).toBe(expected);
});
