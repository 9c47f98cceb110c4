import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { renderer } from '../../charts/render';
import { jsonSchemas, requireCatalog, servicesInEnvironments } from '../../lib/catalog';
import { environmentFile } from '../../lib/ledger';
import { releaseOf } from '../ledger/fixtures';

const root = join(__dirname, '..', '..');
const platform = parseDocument(readFileSync(join(root, 'catalog', 'platform.yaml'), 'utf8'));
// The default, written out, so that one of its fields can change alone.
platform.setIn(['delivery', 'gateway'], platform.createNode({ name: 'public', namespace: 'gateway' }));
const platformText = String(platform);
const serviceText = `version: 1
name: hello
team: storefront
source: { repository: acme/hello }
traffic: { requestsPerSecond: 200 }
`;

type Path = readonly (string | number)[];

/** A change of one field, with other fields that it needs to be valid or to have an effect. */
interface Change {
  readonly field: string;
  readonly to: unknown;
  readonly context?: Readonly<Record<string, unknown>>;
}

const change = (field: string, to: unknown, context?: Change['context']): Change => ({
  field,
  to,
  context,
});

const longerBudget = { 'rollback.budget': '3m' };
const blueGreen = { 'rollback.plan': 'blue-green' };

const serviceChanges: readonly Change[] = [
  change('team', 'payments'),
  change('port', 9000),
  change('args', ['serve']),
  change('protocol', 'h2c'),
  change('ports', [{ name: 'grpc', port: 9090 }]),
  change('metricsPath', '/internal/metrics'),
  change('metrics', 'opentelemetry'),
  change('probes.ready', '/ready'),
  change('probes.live', '/live'),
  change('probes.port', 9200),
  change('traffic.requestsPerSecond', 400),
  change('traffic.path', '/ping', blueGreen),
  change('network.from', ['hello']),
  change('network.to', [{ cidr: '10.0.0.0/8', port: 5432 }]),
  change('objectives.errorRate', '2%'),
  change('objectives.p99', '300ms'),
  change('objectives.availability', '99.95%'),
  change('rollback.budget', '3m'),
  change('rollback.plan', 'careful', longerBudget),
  change('rollback.steps', [10, 50]),
  change('rollback.threshold', 4, longerBudget),
  change('rollback.interval', '15s', longerBudget),
  change('rollback.window', '25s', longerBudget),
  change('rollback.scrape', '4s'),
  change('rollback.progressDeadline', '50s', longerBudget),
  change('tmpSize', '1Gi'),
  change('shutdown', { drain: '10s', gracePeriod: '1m' }),
  change('agent', true),
  change('environments.prod.replicas', 5),
  change('environments.prod.maxReplicas', 50),
  change('environments.prod.cpu', '750m'),
  change('environments.prod.memory', '1Gi'),
  change('environments.prod.settings', { LOG_LEVEL: 'debug' }),
  change('environments.prod.secrets', { TOKEN: { name: 'hello', key: 'token' } }),
  change('environments.prod.files', { '/etc/app/config.yaml': 'level: info' }),
  change('environments.prod.role', 'arn:aws:iam::111111111111:role/hello'),
  change('environments.prod.requestsPerSecond', 300),
  change('build', { main: './cmd/hello', debugTools: true }),
  change('start', { requests: ['/api'] }),
  change('source.branch', 'trunk'),
  change('compute', 'large'),
  change('timeout', '30m'),
];

/** Fields that identify a service: with another value, it is another service. */
const serviceIdentityFields = ['version', 'kind', 'name', 'source'];

const platformChanges: readonly Change[] = [
  change('registry', 'registry.acme.example'),
  change('ledger.repository', 'https://git.acme.example/ledger.git'),
  change('ledger.branch', 'trunk'),
  change('delivery.prometheus', 'http://prometheus.metrics:9090'),
  change('delivery.gateway', { name: 'internal', namespace: 'edge' }),
  change('delivery.gateway.from', [{ cidr: '10.20.0.0/16' }]),
  change('delivery.scrapers', [{ namespace: 'alloy' }]),
  change('delivery.dns', [{ namespace: 'dns' }]),
  change('delivery.hostname', '{service}.acme.example'),
  change('delivery.loadTester', 'http://load.testing', blueGreen),
  change('delivery.agent', 'http://agent.platform:8080', { agent: true }),
  change('delivery.addOns', ['flagger']),
  change('delivery.receivers', { page: 'https://page.acme.example' }),
  change('delivery.chat', { kind: 'slack', secret: '{team}-chat' }),
  change('delivery.argocdNamespace', 'gitops'),
  change('delivery.monitorLabels', { team: 'platform' }),
  change('delivery.tracing', 'http://collector.telemetry:4318'),
  change('delivery.dashboards', 'https://boards.acme.example'),
  change('environments.1.cluster', 'https://prod.acme.example:6443'),
  change('environments.1.namespace', '{team}-{environment}'),
  change('environments.1.class', 'critical'),
  change('environments.1.defaults.replicas', 4),
  change('environments.1.defaults.cpu', '750m'),
  change('environments.1.defaults.memory', '1Gi'),
  change('environments.1.after', 'immediately'),
  change('findings', { block: 'critical' }),
];

/** Fields of a platform without an effect on manifests: they configure pipelines, builds and accounts. */
const fieldsWithoutManifests = [
  'version',
  'name',
  'pipeline',
  'source',
  'ledger.credential',
  'ledger.write',
  'bases',
  'toolbox',
  'signingKeys',
  'environments.1.name',
  'environments.1.account',
  'environments.1.region',
];

const pathOf = (field: string): Path => field.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));

type Fields = Readonly<Record<string, unknown>>;

/** The files of the service hello in prod and of the environment prod, by path. */
function filesWith(service: Fields, platform: Fields): ReadonlyMap<string, string> {
  const withFields = (text: string, fields: Fields) => {
    const document = parseDocument(text);
    for (const [field, value] of Object.entries(fields)) {
      document.setIn(pathOf(field), document.createNode(value));
    }
    return String(document);
  };
  const catalog = requireCatalog({ file: 'platform.yaml', text: withFields(platformText, platform) }, [
    { file: 'hello.yaml', text: withFields(serviceText, service) },
  ]);
  const [, prod] = catalog.platform.environments;
  const hello = servicesInEnvironments(catalog).filter(({ environment }) => environment === 'prod');
  return new Map([
    ...renderer.service(hello[0] as NonNullable<(typeof hello)[0]>, releaseOf('hello', 'prod', 'one')),
    ...renderer.environment(environmentFile(catalog.platform, prod as NonNullable<typeof prod>), hello),
  ]);
}

function nameOf(file: string): string {
  const name = (file.split('/').pop() as string).replace('.yaml', '');
  return file.startsWith('apps/') ? 'Application' : file.startsWith('platform/') ? `platform/${name}` : name;
}

/** Names of the files that a change affects. */
function changedFiles({ field, to, context = {} }: Change, of: 'service' | 'platform'): readonly string[] {
  const [before, after] =
    of === 'service'
      ? [filesWith(context, {}), filesWith({ ...context, [field]: to }, {})]
      : [filesWith(context, {}), filesWith(context, { [field]: to })];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((file) => before.get(file) !== after.get(file))
    .map(nameOf)
    .sort();
}

const withFiles = (changes: readonly Change[], of: 'service' | 'platform') =>
  changes.map((change) => ({ ...change, files: changedFiles(change, of) }));
const changesOfService = withFiles(serviceChanges, 'service');
const changesOfPlatform = withFiles(platformChanges, 'platform');

const formatField = (field: string) => field.replace('.prod.', '.*.').replace('.1.', '.*.');

function table(changes: readonly (Change & { readonly files: readonly string[] })[]): string {
  const rows = changes.map(({ field, files, context }) => {
    const condition =
      context === undefined || context === longerBudget
        ? ''
        : ` (with ${Object.entries(context)
            .map(([name, value]) => `\`${name}: ${String(value)}\``)
            .join(', ')})`;
    return `| \`${formatField(field)}\`${condition} | ${files.join(', ') || 'none'} |\n`;
  });
  return `| Field | Files that change |\n|---|---|\n${rows.join('')}`;
}

test('docs/reference/manifests.md lists the files that each field changes', () => {
  const path = join(root, 'docs', 'reference', 'manifests.md');
  const fresh = readFileSync(path, 'utf8')
    .replace(
      /<!-- generated: fields and objects -->[\s\S]*?<!-- end -->/,
      `<!-- generated: fields and objects -->\n\n${table(changesOfService)}\n<!-- end -->`,
    )
    .replace(
      /<!-- generated: platform fields and objects -->[\s\S]*?<!-- end -->/,
      `<!-- generated: platform fields and objects -->\n\n${table(changesOfPlatform)}\n<!-- end -->`,
    );
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(path, fresh);
  }
  expect(readFileSync(path, 'utf8')).toBe(fresh);
});

test('only the intended fields change the Deployment and start a rollout', () => {
  const fieldsOfDeployment = (changes: typeof changesOfService) =>
    changes.filter(({ files }) => files.includes('deployment')).map(({ field }) => field);
  expect(fieldsOfDeployment(changesOfService)).toEqual([
    'team',
    'port',
    'args',
    'ports',
    'probes.ready',
    'probes.live',
    'probes.port',
    'rollback.plan',
    'rollback.progressDeadline',
    'tmpSize',
    'shutdown',
    'environments.prod.cpu',
    'environments.prod.memory',
    'environments.prod.settings',
    'environments.prod.secrets',
    'environments.prod.files',
    'environments.prod.role',
  ]);
  expect(fieldsOfDeployment(changesOfPlatform)).toEqual([
    'delivery.tracing',
    'environments.1.namespace',
    'environments.1.defaults.cpu',
    'environments.1.defaults.memory',
  ]);
});

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | false;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** Every field that a schema allows; `keys` gives a key for each map or list to descend into. */
function fieldsOf(schema: JsonSchema, prefix: string, keys: Readonly<Record<string, string>>): readonly string[] {
  const inner = Object.entries(schema.properties ?? {});
  const at = (part: string) => (prefix === '' ? part : `${prefix}.${part}`);
  if (inner.length > 0) {
    return inner.flatMap(([name, each]) => fieldsOf(each, at(name), keys));
  }
  const key = keys[prefix];
  const item = schema.items ?? (schema.additionalProperties === false ? undefined : schema.additionalProperties);
  return key === undefined || item === undefined ? [prefix] : fieldsOf(item, at(key), keys);
}

test.each([
  ['service', { environments: 'prod' }, serviceChanges, serviceIdentityFields],
  ['platform', { environments: '1' }, platformChanges, fieldsWithoutManifests],
] as const)('the table covers every field of a %s', (name, keys, changes, excluded) => {
  const schema = JSON.parse(jsonSchemas()[name] as string) as JsonSchema;
  const known = [...changes.map(({ field }) => field), ...excluded];
  const covers = (field: string, by: string) => field === by || field.startsWith(`${by}.`);
  const fields = fieldsOf(schema, '', keys);
  expect(fields.filter((field) => !known.some((by) => covers(field, by)))).toEqual([]);
  // Conversely, every field of the table exists.
  expect(known.filter((by) => !fields.some((field) => covers(field, by)))).toEqual([]);
});
