import fc from 'fast-check';
import {
  describeFailures,
  describeProblem,
  metricsPresetNames,
  metricsPresets,
  parseCatalog,
  resolveMetrics,
  type Service,
} from '../../lib/catalog';
import { exampleFiles } from './example-files';

function check(fields: string) {
  return parseCatalog({ file: 'platform.yaml', text: exampleFiles.platform }, [
    { file: 'hello.yaml', text: `${exampleFiles.service}${fields}\n` },
  ]);
}

function problemsOf(fields: string): readonly string[] {
  const result = check(fields);
  return result.ok ? [] : result.problems.map(describeProblem);
}

function metricsOf(fields: string) {
  const result = check(fields);
  if (!result.ok) {
    throw new Error(result.problems.map(describeProblem).join('\n'));
  }
  return resolveMetrics(result.catalog.services[0] as Service);
}

test('without the field, the names are those of client_golang on the port of the service', () => {
  expect(metricsOf('')).toEqual({
    requests: 'http_requests_total',
    duration: 'http_request_duration_seconds',
    status: 'code',
    unit: 'seconds',
    type: 'histogram',
    failures: '5..',
    successes: '[1-4]..',
    port: 8080,
    path: '/metrics',
  });
});

test.each(metricsPresetNames)('the preset %s names a counter, a histogram and a label', (name) => {
  const { duration, status, ...preset } = metricsPresets[name];
  expect(metricsOf(`metrics: ${name}`)).toMatchObject({
    duration,
    status,
    requests: 'requests' in preset ? preset.requests : `${duration}_count`,
  });
});

test('explicit names replace those of a preset one by one', () => {
  expect(metricsOf('metrics: { requests: tickets_total, duration: tickets_ms, status: result }')).toMatchObject({
    requests: 'tickets_total',
    duration: 'tickets_ms',
    status: 'result',
    unit: 'milliseconds',
  });
  // The counter of OpenTelemetry is the count of its histogram.
  expect(metricsOf('metrics: { preset: opentelemetry, duration: calls }')).toMatchObject({
    requests: 'calls_count',
    duration: 'calls',
    status: 'http_response_status_code',
  });
});

test('port and path apply to any names', () => {
  expect(metricsOf('metrics: { preset: echo, port: 9102, path: /internal/metrics }')).toMatchObject({
    requests: 'echo_requests_total',
    port: 9102,
    path: '/internal/metrics',
  });
  expect(metricsOf('metricsPath: /m\nmetrics: chi')).toMatchObject({ status: 'status', path: '/m' });
});

test.each([
  ['metrics: gim', 'metrics: found "gim", expected one of client_golang'],
  [
    'metrics: { requests: http.requests }',
    'metrics.requests: found "http.requests", expected a metric name of letters',
  ],
  [
    'metrics: { duration: http_request_duration_seconds_bucket }',
    'metrics.duration: found "http_request_duration_seconds_bucket", expected http_request_duration_seconds, the name of the histogram without _bucket',
  ],
  ['metrics: { requests: x_bucket }', 'expected a counter of requests, such as http_requests_total; _bucket is none'],
  ['metrics: { requests: x, duration: x }', 'expected a counter of requests: the count of the histogram is x_count'],
  ['metrics: { status: job }', 'expected a label of the service: Prometheus sets job itself'],
  ['metrics: { status: le }', 'expected a label with a status code, which le is not'],
  ['metrics: { unit: milliseconds, duration: x_seconds }', 'expected seconds, as the name x_seconds says'],
  ['metrics: { unit: seconds, duration: x_ms }', 'expected milliseconds, as the name x_ms says'],
  ['metrics: { path: /a }\nmetricsPath: /b', 'expected either metrics.path or metricsPath, not both'],
  ['metrics: { statuss: code }', 'metrics.statuss: found "statuss", expected one of preset, requests'],
])('%s is an error at its place', (fields, message) => {
  expect(problemsOf(fields)).toEqual([expect.stringContaining(message)]);
  expect(problemsOf(fields)[0]).toMatch(/^hello\.yaml:\d+:\d+ metrics/);
});

test('every gRPC code is a success or a failure, in every spelling, and no HTTP code is both', () => {
  const matches = (pattern: string, value: string) => new RegExp(`^(?:${pattern})$`).test(value);
  const grpc = resolveMetrics({ metrics: 'grpc', port: 8080 });
  const codes = [
    'OK',
    'Canceled',
    'CANCELLED',
    'DeadlineExceeded',
    'DATA_LOSS',
    'Unauthenticated',
    ...Array(17).keys(),
  ];
  for (const code of codes.map(String)) {
    expect([code, matches(grpc.successes, code), matches(grpc.failures, code)]).toContain(true);
    expect(matches(grpc.successes, code) && matches(grpc.failures, code)).toBe(false);
  }
  const http = resolveMetrics({ metrics: 'client_golang', port: 8080 });
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }).map(String), (code) => {
      expect(matches(http.failures, code)).toBe(code.startsWith('5'));
      expect(matches(http.successes, code)).toBe(!code.startsWith('5'));
    }),
  );
});

test('failures are described with the label and its values', () => {
  expect(describeFailures(resolveMetrics({ metrics: 'podinfo', port: 8080 }))).toBe(
    'whose label status is 5xx or no status code',
  );
  expect(describeFailures(resolveMetrics({ metrics: 'grpc', port: 8080 }))).toBe(
    'whose label grpc_code is Unknown, DeadlineExceeded, Unimplemented, Internal, Unavailable, DataLoss or no status code',
  );
});
