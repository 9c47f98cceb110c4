import { requireService, type Service } from '../../../lib/catalog';
import {
  describeTests,
  explainTests,
  findTestReport,
  renderTestStages,
  summarizeTests,
  type TestReport,
  testPlan,
} from '../../../lib/image/tests';
import { catalogOf } from '../../pipeline/synthesize';

const serviceOf = (build: string): Service =>
  requireService(
    catalogOf({
      services: [
        `{ version: 1, name: shop, team: storefront, source: { repository: acme/shop }, build: { ${build} } }`,
      ],
    }),
    'shop',
  );
const layout = { root: '.', module: '.', workspace: false, vendored: false, moduleOnly: true };
const passed: TestReport = {
  packages: [
    { package: 'a', result: 'passed', passed: 2, failed: 0, skipped: 1, seconds: 0.1 },
    { package: 'b', result: 'no-tests', passed: 0, failed: 0, skipped: 0, seconds: 0 },
  ],
  failures: [],
  failed: 0,
  timedOut: false,
  exitCode: 0,
  output: [],
  startedAt: '2026-11-30T12:00:00Z',
};

test('the command has the flags of the program, and its arguments are no text of a shell', () => {
  const service = serviceOf("test: 'go test -short -run=^TestA ./...', tags: [b, a]");
  const { command, timeoutSeconds } = testPlan(service, service.build.test as NonNullable<Service['build']['test']>);
  expect(command).toEqual([
    ...['go', 'test', '-json', '-trimpath', '-buildvcs=false', '-tags=a,b', '-short', '-run=^TestA'],
    ...['-timeout=600s', './...'],
  ]);
  expect(timeoutSeconds).toBe(600);
});

test('the step has no network, no secret, and another cache than the compiler', () => {
  const stages = renderTestStages(serviceOf("test: 'go test ./...', experiment: [jsonv2]"), layout, false);
  const [run] = stages.split('\n').filter((line) => line.startsWith('RUN '));
  expect(run).toContain('--network=none');
  expect(run).not.toContain('type=secret');
  expect(run).toContain('id=go-test-shop,from=compile-cache');
  expect(stages).toContain('GOEXPERIMENT=jsonv2');
  expect(stages).toContain('CGO_ENABLED=0');
});

test('the race detector is built with cgo', () => {
  expect(renderTestStages(serviceOf("test: 'go test -race ./...'"), layout, true)).toContain('CGO_ENABLED=1');
});

test('counts what passed, in packages that have tests', () => {
  expect(describeTests(summarizeTests(passed))).toBe('2 passed, 1 skipped in 1 package');
});

test('a failed test is named with its package and its output', () => {
  const report: TestReport = {
    ...passed,
    failed: 3,
    exitCode: 1,
    failures: [{ package: 'example.com/a', test: 'TestTotal', output: ['    a_test.go:7: got 3, want 4', ''] }],
  };
  const line = `bowline-test-report ${JSON.stringify(report)}`;
  expect(findTestReport(['other', line])).toEqual(report);
  const { code, message } = explainTests(serviceOf('main: .'), report, '10m');
  expect(code).toBe('tests-failed');
  expect(message).toBe(
    [
      'shop: 3 tests or packages failed:',
      '  example.com/a TestTotal',
      '          a_test.go:7: got 3, want 4',
      '  … and 2 more',
    ].join('\n'),
  );
});

test.each<[Partial<TestReport>, string, string]>([
  [{ timedOut: true, exitCode: -1 }, 'tests-timed-out', 'within 10m'],
  [{ packages: [] }, 'no-tests', 'ran no test'],
  [{ exitCode: 1, output: ['go: cannot find main module'] }, 'tests-failed', 'cannot find main module'],
])('%j is %s', (changes, code, text) => {
  const rejection = explainTests(serviceOf('main: .'), { ...passed, ...changes }, '10m');
  expect(rejection.code).toBe(code);
  expect(rejection.message).toContain(text);
});
