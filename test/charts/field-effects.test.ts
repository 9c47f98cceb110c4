import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { renderer } from '../../charts/render';
import { requireCatalog, servicesInEnvironments } from '../../lib/catalog';
import { environmentFile } from '../../lib/ledger';
import { releaseOf } from '../ledger/fixtures';

const root = join(__dirname, '..', '..');
const platformText = readFileSync(join(root, 'catalog', 'platform.yaml'), 'utf8');
const serviceText = `version: 1
name: hello
team: storefront
source: { repository: acme/hello }
traffic: { requestsPerSecond: 200 }
`;

type Path = readonly (string | number)[];

/** A change of one field, beside others that it needs to be seen or to be rendered at all. */
interface Change {
  readonly field: string;
  readonly to: unknown;
  readonly beside?: Readonly<Record<string, unknown>>;
}

const change = (field: string, to: unknown, beside?: Change['beside']): Change => ({
  field,
  to,
  ...(beside === undefined ? {} : { beside }),
});

const later = { 'rollback.budget': '3m' };
const blueGreen = { 'rollback.plan': 'blue-green' };

const ofService: readonly Change[] = [
  change('team', 'payments'),
  change('port', 9000),
  change('metricsPath', '/internal/metrics'),
  change('metrics', 'opentelemetry'),
  change('probes.ready', '/ready'),
  change('probes.live', '/live'),
  change('traffic.requestsPerSecond', 400),
  change('traffic.path', '/ping', blueGreen),
  change('network.from', ['hello']),
  change('network.to', [{ cidr: '10.0.0.0/8', port: 5432 }]),
  change('objectives.errorRate', '2%'),
  change('objectives.p99', '300ms'),
  change('objectives.availability', '99.95%'),
  change('rollback.budget', '3m'),
  change('rollback.plan', 'careful', later),
  change('rollback.steps', [10, 50]),
  change('rollback.threshold', 4, later),
  change('rollback.interval', '15s', later),
  change('rollback.window', '25s', later),
  change('rollback.scrape', '4s'),
  change('rollback.progressDeadline', '50s', later),
  change('agent', true),
  change('environments.prod.replicas', 5),
  change('environments.prod.maxReplicas', 50),
  change('environments.prod.cpu', '750m'),
  change('environments.prod.memory', '1Gi'),
  change('environments.prod.settings', { LOG_LEVEL: 'debug' }),
  change('environments.prod.secrets', { TOKEN: { name: 'hello', key: 'token' } }),
  change('environments.prod.requestsPerSecond', 300),
  change('build', { main: './cmd/hello', debugTools: true }),
  change('source.branch', 'trunk'),
  change('compute', 'large'),
  change('timeout', '30m'),
];

/** Fields of a service that are no change: another name is another service. */
const identityOfService = ['version', 'kind', 'name', 'source'];

const ofPlatform: readonly Change[] = [
  change('registry', 'registry.acme.example'),
  change('ledger.repository', 'https://git.acme.example/ledger.git'),
  change('ledger.branch', 'trunk'),
  change('delivery.prometheus', 'http://prometheus.metrics:9090'),
  change('delivery.gateway', { name: 'internal', namespace: 'edge' }),
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

/** Fields of a platform that no manifest is made of: who builds, by what, and whom it concerns. */
const notOfManifests = [
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

/** The files of hello in prod, and of prod, by the names that people know them by. */
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

/** Names of the files that a change changes. */
function changed({ field, to, beside = {} }: Change, of: 'service' | 'platform'): readonly string[] {
  const [before, after] =
    of === 'service'
      ? [filesWith(beside, {}), filesWith({ ...beside, [field]: to }, {})]
      : [filesWith(beside, {}), filesWith(beside, { [field]: to })];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((file) => before.get(file) !== after.get(file))
    .map(nameOf)
    .sort();
}

const withFiles = (changes: readonly Change[], of: 'service' | 'platform') =>
  changes.map((each) => ({ ...each, files: changed(each, of) }));
const changesOfService = withFiles(ofService, 'service');
const changesOfPlatform = withFiles(ofPlatform, 'platform');

const shown = (field: string) => field.replace('.prod.', '.*.').replace('.1.', '.*.');

function table(changes: readonly (Change & { readonly files: readonly string[] })[]): string {
  const rows = changes.map(({ field, files, beside }) => {
    const condition =
      beside === undefined || beside === later
        ? ''
        : ` (with ${Object.entries(beside)
            .map(([name, value]) => `\`${name}: ${String(value)}\``)
            .join(', ')})`;
    return `| \`${shown(field)}\`${condition} | ${files.join(', ') || 'none'} |\n`;
  });
  return `| Field | Files that change |\n|---|---|\n${rows.join('')}`;
}

test('docs/reference/manifests.md says which field changes which objects', () => {
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

test('only what is meant to start a rollout changes the Deployment', () => {
  const deploying = (changes: typeof changesOfService) =>
    changes.filter(({ files }) => files.includes('deployment')).map(({ field }) => field);
  expect(deploying(changesOfService)).toEqual([
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
  expect(deploying(changesOfPlatform)).toEqual([
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

/** Every field that a file of a catalog may have, with `name` for the key of a map and `0` for an item. */
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
  ['service', { environments: 'prod' }, ofService, identityOfService],
  ['platform', { environments: '1' }, ofPlatform, notOfManifests],
] as const)('the table knows every field of a %s', (name, keys, changes, others) => {
  const schema = JSON.parse(readFileSync(join(root, 'schemas', `${name}.schema.json`), 'utf8')) as JsonSchema;
  const known = [...changes.map(({ field }) => field), ...others];
  const covers = (field: string, by: string) => field === by || field.startsWith(`${by}.`);
  const fields = fieldsOf(schema, '', keys);
  expect(fields.filter((field) => !known.some((by) => covers(field, by)))).toEqual([]);
  // And none that there is not.
  expect(known.filter((by) => !fields.some((field) => covers(field, by)))).toEqual([]);
});
