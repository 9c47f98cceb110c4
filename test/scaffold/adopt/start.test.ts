import type { StartPlan, StartReport } from '../../../lib/image/start';
import { applyStart, observationPlan, type Proposal } from '../../../lib/scaffold/adopt';

const found = <Value>(value: Value) => ({ value, where: 'main.go:1' });
const proposal: Proposal = {
  main: found('.'),
  files: [],
  arguments: [],
  port: found(8080),
  metrics: { where: [], questions: [{ field: 'metrics', what: 'metrics' }] },
  probes: { ready: found('/readyz'), live: found('/livez') },
  paths: ['/readyz', '/livez', '/healthz'],
  questions: [{ field: 'metrics', what: 'metrics' }],
};

function reportOf(changes: Partial<StartReport>): StartReport {
  return {
    program: { missing: [] },
    listening: [{ port: 8080, loopback: false }],
    ready: { port: 8080, path: '/readyz', status: 200 },
    live: { port: 8080, path: '/livez', status: 200 },
    requests: [],
    written: [],
    output: [],
    ...changes,
  };
}

test('a start that answers as the source says confirms each value', () => {
  const { proposal: started, again } = applyStart(proposal, reportOf({}));
  expect(started.port).toEqual({ value: 8080, where: 'main.go:1; found by starting the image' });
  expect(started.probes?.ready.where).toBe('main.go:1; found by starting the image');
  expect(again).toBe(false);
});

test('the only port that listens replaces that of the source, and asks for another start', () => {
  const { proposal: started, again } = applyStart(
    { ...proposal, questions: [{ field: 'port', what: 'x' }] },
    reportOf({ listening: [{ port: 9000, loopback: false }], ready: undefined, live: undefined }),
  );
  expect(started).toMatchObject({ port: { value: 9000, where: 'found by starting the image' }, questions: [] });
  expect(again).toBe(true);
});

test.each([
  ['several ports', [9000, 9001], false],
  ['a port of the loopback interface', [9000], true],
  ['a low port', [80], false],
])('%s replace nothing', (_, ports, loopback) => {
  const listening = ports.map((port) => ({ port, loopback }));
  const result = applyStart(proposal, reportOf({ listening, ready: undefined, live: undefined }));
  expect(result.proposal.port).toEqual(found(8080));
  expect(result.again).toBe(false);
});

test('a port of the loopback interface beside another port replaces nothing, and is noted with what to do', () => {
  const listening = [
    { port: 8080, loopback: true },
    { port: 2112, loopback: false },
  ];
  const { port: _, ...unknown } = proposal;
  const result = applyStart(unknown, reportOf({ listening, ready: undefined, live: undefined }));
  expect(result.proposal.port).toBeUndefined();
  expect(result.again).toBe(false);
  expect(result.notes).toContain(
    'port 8080 accepts only requests of the same pod: add the argument or the setting that makes the program listen on every interface (0.0.0.0)',
  );
});

test('probes that do not answer are replaced by paths that do, on their port', () => {
  const failing = {
    ready: { port: 8080, path: '/readyz', status: 404 },
    live: { port: 8080, path: '/livez', status: 404 },
  };
  const answer = (port: number, status: number) => ({ port, path: '/healthz', status });
  expect(applyStart(proposal, reportOf({ ...failing, requests: [answer(8080, 200)] })).proposal.probes).toMatchObject({
    ready: { value: '/healthz', where: 'found by starting the image' },
  });
  const other = applyStart(proposal, reportOf({ ...failing, requests: [answer(8080, 404), answer(9100, 200)] }));
  expect(other.proposal.probes).toMatchObject({ ready: { value: '/healthz' }, port: 9100 });
  expect(applyStart(proposal, reportOf({ ...failing, requests: [answer(8080, 500)] })).proposal.probes).toEqual(
    proposal.probes,
  );
});

test('the metrics of the running program answer the question', () => {
  const { proposal: started } = applyStart(
    proposal,
    reportOf({
      metrics: {
        port: 8080,
        path: '/metrics',
        status: 200,
        metrics: [
          { name: 'web_requests_total', labels: ['code', 'handler'], type: 'counter' },
          { name: 'web_request_seconds_bucket', labels: ['le'], type: 'histogram' },
          { name: 'web_request_seconds_count', labels: [], type: 'histogram' },
          { name: 'go_goroutines', labels: [], type: 'gauge' },
        ],
      },
    }),
  );
  expect(started.metrics).toMatchObject({
    requests: 'web_requests_total',
    duration: 'web_request_seconds',
    status: 'code',
  });
  expect(started.questions).toEqual([]);
});

test('metrics that are incomplete before the first request replace nothing', () => {
  const metrics = {
    port: 8080,
    path: '/metrics',
    status: 200,
    metrics: [{ name: 'web_requests_total', labels: ['code'], type: 'counter' }],
  };
  expect(applyStart(proposal, reportOf({ metrics })).proposal.questions).toEqual(proposal.questions);
});

test('a program that ends is a note with its last lines, and the proposal stays', () => {
  const result = applyStart(
    proposal,
    reportOf({ exited: { code: 1, seconds: 0.2 }, output: ['starting', '', 'missing setting: cookie-secret'] }),
  );
  expect(result.proposal).toBe(proposal);
  expect(result.notes).toEqual([
    'the image ends with exit code 1 after 0.2 s: it needs arguments or settings that the source does not give',
    '  starting',
    '  missing setting: cookie-secret',
  ]);
});

test('files that the program writes, and metrics without an answer, are notes', () => {
  const metrics = { port: 8080, path: '/metrics', status: 404, metrics: [] };
  expect(applyStart(proposal, reportOf({ written: ['/var/lib/x'], metrics })).notes).toEqual([
    expect.stringContaining('writes to /var/lib/x'),
    expect.stringContaining('GET /metrics on port 8080 does not answer with metrics: 404'),
  ]);
});

test('an observation asks every path that may be a probe on every port, and does not wait long', () => {
  const plan = {
    timeoutSeconds: 30,
    lenient: false,
    ready: { port: 8080, path: '/readyz' },
    requests: [{ port: 8080, path: '/' }],
    metrics: { port: 9100, path: '/metrics' },
  } as unknown as StartPlan;
  expect(observationPlan(plan, { ...proposal, paths: ['/healthz'] })).toMatchObject({
    timeoutSeconds: 10,
    lenient: true,
    requests: [
      { port: 8080, path: '/' },
      { port: 8080, path: '/healthz' },
      { port: 9100, path: '/healthz' },
    ],
  });
});
