import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderer } from '../../charts/render';
import { requireCatalog, servicesInEnvironments } from '../../lib/catalog';
import { releaseOf } from '../ledger/fixtures';

const root = join(__dirname, '..', '..');
const platform = { file: 'platform.yaml', text: readFileSync(join(root, 'catalog', 'platform.yaml'), 'utf8') };
const base = `version: 1
name: hello
team: storefront
source: { repository: acme/hello }
traffic: { requestsPerSecond: 200 }
`;

/** A change of one field, as a team would write it. */
const changes: readonly (readonly [field: string, line: string])[] = [
  ['team', 'team: payments'],
  ['port', 'port: 9000'],
  ['metricsPath', 'metricsPath: /internal/metrics'],
  ['metrics', 'metrics: opentelemetry'],
  ['probes.ready', 'probes: { ready: /ready }'],
  ['probes.live', 'probes: { live: /live }'],
  ['traffic.requestsPerSecond', 'traffic: { requestsPerSecond: 400 }'],
  ['traffic.path', 'traffic: { requestsPerSecond: 200, path: /ping }'],
  ['network.from', 'network: { from: [hello] }'],
  ['network.to', 'network: { to: [{ cidr: 10.0.0.0/8, port: 5432 }] }'],
  ['objectives.errorRate', 'objectives: { errorRate: 2% }'],
  ['objectives.p99', 'objectives: { p99: 300ms }'],
  ['objectives.availability', 'objectives: { availability: 99.95% }'],
  ['rollback.budget', 'rollback: { budget: 120s }'],
  ['rollback.plan', 'rollback: { plan: careful, budget: 180s }'],
  ['rollback.steps', 'rollback: { steps: [10, 50] }'],
  ['rollback.threshold', 'rollback: { threshold: 4, budget: 120s }'],
  ['rollback.progressDeadline', 'rollback: { progressDeadline: 50s }'],
  ['agent', 'agent: true'],
  ['environments.prod.replicas', 'environments: { prod: { replicas: 5 } }'],
  ['environments.prod.cpu', 'environments: { prod: { cpu: 750m } }'],
  ['environments.prod.memory', 'environments: { prod: { memory: 1Gi } }'],
  ['environments.prod.settings', 'environments: { prod: { settings: { LOG_LEVEL: debug } } }'],
  ['environments.prod.secrets', 'environments: { prod: { secrets: { TOKEN: { name: hello, key: token } } } }'],
  ['build', 'build: { main: ./cmd/hello, debugTools: true }'],
];

function filesWith(line: string): ReadonlyMap<string, string> {
  const own = line.split(':')[0] as string;
  const text = `${base
    .split('\n')
    .filter((each) => !each.startsWith(`${own}:`))
    .join('\n')}${line}\n`;
  const catalog = requireCatalog(platform, [{ file: 'hello.yaml', text }]);
  const service = servicesInEnvironments(catalog).find(({ environment }) => environment === 'prod');
  return renderer.service(service as NonNullable<typeof service>, releaseOf('hello', 'prod', 'one'));
}

const before = filesWith('kind: http');
const table = [
  '| Field | Objects that change |',
  '|---|---|',
  ...changes.map(([field, line]) => {
    const after = filesWith(line);
    const files = [...new Set([...before.keys(), ...after.keys()])].filter(
      (file) => before.get(file) !== after.get(file),
    );
    const names = files.map((file) =>
      file.startsWith('apps/') ? 'Application' : (file.split('/').pop() as string).replace('.yaml', ''),
    );
    return `| \`${field}\` | ${names.sort().join(', ') || 'none: it is a matter of the build, or of the verdict over the plan'} |`;
  }),
  '',
].join('\n');

test('docs/manifests.md says which field changes which objects', () => {
  const path = join(root, 'docs', 'manifests.md');
  const fresh = readFileSync(path, 'utf8').replace(
    /<!-- generated: fields and objects -->[\s\S]*?<!-- end -->/,
    `<!-- generated: fields and objects -->\n\n${table}\n<!-- end -->`,
  );
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(path, fresh);
  }
  expect(readFileSync(path, 'utf8')).toBe(fresh);
});

test('only what is meant to start a rollout changes the Deployment', () => {
  const deploying = changes.filter(([, line]) => {
    const path = 'manifests/prod/hello/deployment.yaml';
    return filesWith(line).get(path) !== before.get(path);
  });
  expect(deploying.map(([field]) => field)).toEqual([
    'team',
    'port',
    'probes.ready',
    'probes.live',
    'rollback.plan',
    'rollback.progressDeadline',
    'environments.prod.cpu',
    'environments.prod.memory',
    'environments.prod.settings',
    'environments.prod.secrets',
  ]);
});
