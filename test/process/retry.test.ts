import { ProgramError, retryTransient, transientReason } from '../../lib/process';

test.each([
  ['a module proxy', 'go: example.com/a@v1.0.0: Get "https://proxy.golang.org/a": dial tcp 1.2.3.4:443: i/o timeout'],
  ['a TLS handshake', 'Get "https://registry.example.com/v2/": net/http: TLS handshake timeout'],
  [
    'a client timeout',
    'Get "https://r.example.com/v2/": net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
  ],
  ['a deadline', 'failed to do request: Head "https://r.example.com/v2/a": context deadline exceeded'],
  ['a connection timeout', 'dial tcp 1.2.3.4:443: connect: connection timed out'],
  ['a refused connection', 'dial tcp 127.0.0.1:5000: connect: connection refused'],
  ['a reset connection', 'read tcp 10.0.0.1:4000->1.2.3.4:443: read: connection reset by peer'],
  ['a broken pipe', 'write tcp 10.0.0.1:4000->1.2.3.4:443: write: broken pipe'],
  ['an interrupted stream', 'failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://r/": EOF'],
  ['an interrupted blob download', 'error: failed to solve: failed to copy: unexpected EOF'],
  ['an unknown host', 'dial tcp: lookup r.example.com on 10.0.0.2:53: no such host'],
  ['a failing resolver', 'dial tcp: lookup r.example.com on 10.0.0.2:53: server misbehaving'],
  [
    'a rate limit of a registry',
    'GET https://index.docker.io/v2/a: TOOMANYREQUESTS: You have reached your pull rate limit',
  ],
  ['a rate limit of ECR', 'toomanyrequests: Rate exceeded'],
  [
    'throttling by KMS',
    'operation error KMS: Sign, https response error StatusCode: 400, ThrottlingException: Rate exceeded',
  ],
  ['an unavailable KMS', 'operation error KMS: Sign, https response error StatusCode: 503, RequestID: 1'],
  ['an unavailable registry', 'unexpected status from HEAD request to https://r/v2/a/blobs/b: 503 Service Unavailable'],
  ['a failing gateway', 'unexpected status code 502 Bad Gateway: <html>'],
  [
    'a status code of a registry',
    'HEAD https://r/v2/a/manifests/b: unexpected status code 504 (HEAD responses have no body)',
  ],
])('%s is transient', (_, message) => {
  expect(transientReason(message)).toBe(message);
});

test.each([
  ['a variable', './main.go:10:14: undefined: readTimeout'],
  ['a constant', './main.go:11:2: undefined: ErrConnectionRefused'],
  ['an unexpected end of file', './main.go:14:1: syntax error: unexpected EOF, expected }'],
  ['a line number', './main.go:504:2: declared and not used: n'],
  ['a column', './main.go:12:429: undefined: x'],
  ['a field', './main.go:9:3: unknown field Timeout in struct literal of type server'],
  ['a package', 'main.go:3:8: package example.com/timeout is not in std'],
  ['a string', './main.go:9:14: cannot use "502" (untyped string constant) as int value in assignment'],
  ['a missing image', 'GET https://r/v2/a/manifests/b: MANIFEST_UNKNOWN: manifest unknown'],
  ['a missing permission', 'HEAD https://r/v2/a/blobs/b: unexpected status code 403 Forbidden'],
  ['a missing module', 'reading https://proxy.golang.org/a/@v/v9.info: 404 Not Found'],
  [
    'a digest that ends with a status code',
    'not found: r/a@sha256:00000000000000000000000000000000000000000000000000000000429502503',
  ],
  ['a checksum mismatch', 'verifying example.com/a@v1.0.0: checksum mismatch'],
])('%s is not transient', (_, message) => {
  expect(transientReason(message)).toBeUndefined();
});

test('a warning about a service that was not needed is no reason to try again', () => {
  const warning =
    'WARNING: Could not fetch trusted_root.json: dial tcp: lookup tuf.example on 10.0.0.2:53: no such host';
  expect(
    transientReason(`  ${warning}\n  Error: PUT http://registry/v2/a: UNSUPPORTED: Invalid parameter`),
  ).toBeUndefined();
  expect(transientReason(`${warning}\nError: GET http://registry/v2/a: i/o timeout`)).toContain('i/o timeout');
});

test('the reason is the line of the transient error, not the last line', () => {
  expect(transientReason('go: a: dial tcp: i/o timeout\n------\nDockerfile:12\n')).toBe('go: a: dial tcp: i/o timeout');
});

const failed = (stderr: string) =>
  new ProgramError('crane', { exitCode: 1, stdout: '', stderr, timedOut: false, seconds: 1 });
const plan = { attempts: 3, firstWaitSeconds: 0 };

test('work is retried until it succeeds, and each retry is reported', async () => {
  const retries: string[] = [];
  let attempts = 0;
  const work = async () => {
    if (++attempts < 3) {
      throw failed('dial tcp: connection refused');
    }
    return 'done';
  };
  const onRetry = (attempt: number, reason: string) => retries.push(`${attempt}: ${reason}`);
  expect(await retryTransient(work, { ...plan, onRetry })).toBe('done');
  expect(retries).toEqual(['1: dial tcp: connection refused', '2: dial tcp: connection refused']);
});

test.each([
  ['an error that is not transient', failed('MANIFEST_UNKNOWN'), 1],
  ['a transient error after the last attempt', failed('503 Service Unavailable'), 3],
  ['an error that is not a ProgramError', new Error('a.go:1:1: dial tcp: i/o timeout'), 1],
])('%s is thrown unchanged', async (_, error, expected) => {
  let attempts = 0;
  const work = () => {
    attempts++;
    return Promise.reject(error);
  };
  await expect(retryTransient(work, plan)).rejects.toBe(error);
  expect(attempts).toBe(expected);
});
