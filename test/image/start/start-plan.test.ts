import { renderStartStages, startPlan } from '../../../lib/image/start';
import { explainStart } from '../../../lib/image/start/explain-start';
import { parseShop, planOf } from './services';

test('the plan has the variables, ports, probes, requests and metrics of the first environment', () => {
  const { plan } = planOf(
    [
      'args: [serve, --verbose]',
      'port: 9000',
      'ports: [{ name: grpc, port: 9100 }]',
      'metrics: { preset: echo, port: 9200, path: /stats }',
      'probes: { ready: /ok, port: 9300 }',
      'environments: { dev: { memory: 100Mi, settings: { LEVEL: debug } }, prod: { settings: { LEVEL: info } } }',
      'start: { settings: { EXTRA: 1 }, requests: [/a?b=c], timeout: 2s }',
    ].join('\n'),
  );
  expect(plan).toMatchObject({
    command: ['/shop', 'serve', '--verbose'],
    environment: { PORT: '9000', GOMEMLIMIT: '94371840', LEVEL: 'debug', EXTRA: '1' },
    timeoutSeconds: 2,
    lenient: false,
    ports: [9000, 9100, 9200, 9300],
    ready: { port: 9300, path: '/ok' },
    live: { port: 9300, path: '/livez' },
    requests: [{ port: 9000, path: '/a?b=c' }],
    metrics: { port: 9200, path: '/stats' },
    expected: [
      { name: 'echo_requests_total', labels: ['code'] },
      { name: 'echo_request_duration_seconds_bucket', labels: ['le'] },
    ],
  });
});

test('without start.requests, the path of the traffic is requested', () => {
  expect(planOf('traffic: { path: /orders }').plan.requests).toEqual([{ port: 8080, path: '/orders' }]);
});

test('a service that needs something from outside is waited for at most ten seconds', () => {
  const needy = 'network: { to: [{ cidr: 10.0.0.0/8, port: 1 }] }';
  expect(planOf(needy).plan).toMatchObject({ lenient: true, timeoutSeconds: 10 });
  expect(planOf(`${needy}\nstart: { timeout: 3s }`).plan.timeoutSeconds).toBe(3);
});

test('the native platform is started as the image runs in the cluster, and the other one is read', () => {
  const { service, platform } = parseShop();
  const ignored = startPlan(platform, service).ignored;
  const stages = renderStartStages({
    platforms: ['linux/amd64', 'linux/arm64'],
    native: 'linux/amd64',
    files: ['/etc/app/config.yaml'],
    tmpBytes: 1024,
  });
  const runs = stages.split('\n').filter((line) => line.startsWith('RUN '));
  expect(runs).toHaveLength(2);
  expect(runs[0]).toContain('--network=none');
  expect(runs[0]).toContain('--mount=type=tmpfs,target=/tmp,size=1024');
  expect(runs[0]).toContain('source=files/0,target=/etc/app/config.yaml');
  expect(runs[0]).toContain('start-probe","start"');
  expect(runs[1]).toContain('--mount=type=bind,from=image,target=/image');
  expect(runs[1]).toContain('start-probe","check","/image"');
  // The image's own user starts the program.
  expect(stages.slice(0, stages.indexOf('start-arm64'))).not.toContain('USER');
  expect(ignored).toEqual(expect.arrayContaining(['/tmp', '/.bowline-start']));
});

test.each([
  ['', 'ready within 30s, or the release is rejected'],
  ['network: { to: [{ cidr: 10.0.0.0/8, port: 1 }] }', 'are warnings'],
  ['start: { skip: needs a device of the node }', 'skipped'],
])('explain says how the image is started: %#', (lines, choice) => {
  expect(explainStart(parseShop(lines).service).choice).toContain(choice);
});
