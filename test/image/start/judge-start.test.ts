import { judgeProgram, judgeStart, type StartReport } from '../../../lib/image/start';
import { healthyReport, planOf } from './services';

const secret = 'environments: { prod: { secrets: { DB_PASSWORD: { name: db, key: password } } } }';

function judge(report: StartReport, lines = '') {
  const { service, plan } = planOf(lines);
  return judgeStart(service, plan, report);
}

test('a healthy service has no findings', () => {
  expect(judge(healthyReport())).toEqual({ rejections: [], warnings: [] });
});

const closed = { listening: [{ port: 9090, loopback: false }], ready: undefined, live: undefined, requests: [] };

test.each<[string, Partial<StartReport>, string, RegExp]>([
  [
    'another port',
    { ...closed, metrics: undefined },
    'port-closed',
    /nothing listens on port 8080; the program listens on 9090/,
  ],
  [
    'no port',
    { ...closed, listening: [], metrics: undefined },
    'port-closed',
    /nothing listens on port 8080 within start\.timeout/,
  ],
  [
    'a port of the loopback address',
    { listening: [{ port: 8080, loopback: true }] },
    'port-closed',
    /listens on port 8080 of 127\.0\.0\.1 only/,
  ],
  [
    'a readiness probe that fails',
    { ready: { port: 8080, path: '/readyz', status: 404 } },
    'probe-fails',
    /the readiness probe fails: GET \/readyz on port 8080 answers 404, expected 200 to 399: set probes\.ready/,
  ],
  [
    'a liveness probe without an answer',
    { live: { port: 8080, path: '/livez', error: 'no response in time' } },
    'probe-fails',
    /GET \/livez on port 8080 has no answer \(no response in time\)/,
  ],
  [
    'metrics elsewhere',
    { metrics: { port: 8080, path: '/metrics', status: 404, metrics: [] } },
    'metrics-missing',
    /GET \/metrics on port 8080 answers 404, expected 200 and metrics: set metrics\.path/,
  ],
])('%s rejects a service that needs nothing from outside, and is a warning otherwise', (_, changes, code, message) => {
  const finding = { code, message: expect.stringMatching(message) };
  expect(judge(healthyReport(changes))).toEqual({ rejections: [finding], warnings: [] });
  expect(judge(healthyReport(changes), secret)).toEqual({ rejections: [], warnings: [finding] });
});

const metricsOf = (...metrics: NonNullable<StartReport['metrics']>['metrics']) =>
  judge(healthyReport({ metrics: { port: 8080, path: '/metrics', status: 200, metrics } })).rejections[0]?.message;

describe('metrics that the catalog does not name', () => {
  test('are listed, without those of the runtime', () => {
    const message = metricsOf(
      { name: 'go_goroutines', labels: [], type: 'gauge' },
      { name: 'shop_requests', labels: ['status'], type: 'counter' },
      { name: 'shop_seconds_bucket', labels: ['le'], type: 'histogram' },
      { name: 'shop_seconds_count', labels: [], type: 'histogram' },
    );
    expect(message).toContain('there is no http_requests_total; there is no http_request_duration_seconds_bucket');
    expect(message).toContain('exports shop_requests{status}, shop_seconds (histogram): set metrics.requests');
    expect(message).not.toContain('go_goroutines');
  });

  test('that are those of a preset are named with it', () => {
    expect(
      metricsOf(
        { name: 'echo_requests_total', labels: ['code'], type: 'counter' },
        { name: 'echo_request_duration_seconds_bucket', labels: ['le'], type: 'histogram' },
      ),
    ).toMatch(/preset echo: set metrics: echo$/);
  });

  test('with a summary in place of a histogram are named as such', () => {
    expect(
      metricsOf(
        { name: 'http_requests_total', labels: ['code'], type: 'counter' },
        { name: 'http_request_duration_seconds', labels: ['quantile'], type: 'summary' },
      ),
    ).toContain('http_request_duration_seconds is a summary');
  });

  test('are none where the service has only those of the runtime', () => {
    expect(metricsOf({ name: 'go_goroutines', labels: [] })).toContain('exports no metrics of its own');
  });
});

const exited = (output: readonly string[], code = 1) =>
  healthyReport({ exited: { code, seconds: 0.1 }, output: [...output], stopped: undefined });

test.each([
  ['an error of the program', ['panic: broken'], '', true],
  ['an error of the program, with a secret', ['panic: broken'], secret, true],
  ['a refused connection', ['dial tcp: connection refused'], '', true],
  ['a refused connection, with a secret', ['dial tcp: connection refused'], secret, false],
  ['an unknown error', ['broken'], '', true],
  ['an unknown error, with a secret', ['broken'], secret, false],
])('a service that ends at once by %s: %#', (_, output, lines, isRejected) => {
  const { rejections, warnings } = judge(exited(output), lines);
  expect((isRejected ? rejections : warnings).map(({ code }) => code)).toEqual(['exits-at-start']);
  expect(isRejected ? warnings : rejections).toEqual([]);
});

test('a service that ends at once with exit code 0 is rejected also with a secret', () => {
  expect(judge(exited(['done'], 0), secret).rejections).toHaveLength(1);
});

test('the output of the program is in no finding, because findings are part of the record', () => {
  expect(JSON.stringify(judge(exited(['panic: after 0.123 s']), secret))).not.toContain('0.123');
});

test('a processor that the build machine lacks says nothing about the image', () => {
  const line = 'This program can only be run on AMD64 processors with v3 microarchitecture support.';
  expect(judge(exited([line]))).toEqual({ rejections: [], warnings: [], unsupported: line });
});

test.each([
  ['not-found', '/shop', /the image has no file \/shop: check build\.main/],
  ['not-a-program', '/shop', /is not a Linux program: build\.main must be a main package/],
  ['not-executable', '/shop has mode -rw-r--r--', /user 65532 cannot execute/],
  ['no-loader', '/lib64/ld-linux-x86-64.so.2', /needs the loader \/lib64\/ld-linux-x86-64\.so\.2/],
  ['missing-library', 'libvips.so.42', /shared libraries that the image does not have \(libvips\.so\.42\)/],
  ['old-library', 'GLIBC_2.38 of libc.so.6', /the builder is newer than the runtime base/],
] as const)(
  'a program that is %s rejects every service, on a platform that is not started too',
  (problem, missing, message) => {
    const { service, plan } = planOf(secret);
    const report = healthyReport({ program: { problem, missing: [missing] } });
    for (const judgeReport of [judgeStart, judgeProgram]) {
      expect(judgeReport(service, plan, report)).toEqual({
        rejections: [{ code: 'program-unstartable', message: expect.stringMatching(message) }],
        warnings: [],
      });
    }
  },
);

test.each<[string, Partial<StartReport>, string]>([
  ['writes outside of /tmp', { written: ['/data/a'] }, 'writes-outside-tmp'],
  ['ignores SIGTERM', { stopped: { exited: false, ignored: true, seconds: 3 } }, 'ignores-sigterm'],
  ['fails a request', { requests: [{ port: 8080, path: '/', status: 500 }] }, 'request-fails'],
])('a service that %s gets a warning', (_, changes, code) => {
  const { rejections, warnings } = judge(healthyReport(changes));
  expect(rejections).toEqual([]);
  expect(warnings.map((warning) => warning.code)).toEqual([code]);
});

test('a service that drains for longer than the start waits gets no warning', () => {
  expect(judge(healthyReport({ stopped: { exited: false, ignored: false, seconds: 3 } })).warnings).toEqual([]);
});
