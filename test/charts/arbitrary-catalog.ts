import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseDocument, stringify } from 'yaml';
import { addOns, type Catalog, metricsPresetNames, requireCatalog, rolloutPresets } from '../../lib/catalog';

const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const variable = fc.stringMatching(/^[A-Z][A-Z0-9_]{1,12}$/).filter((text) => !['PORT', 'GOMEMLIMIT'].includes(text));
const text = fc.oneof(fc.string(), fc.constantFrom('a: b', '{{ x }}', '"', "it's", 'yes', '0777', '\n', '#'));

const size = fc.record(
  {
    replicas: fc.integer({ min: 1, max: 20 }),
    cpu: fc.constantFrom('50m', '250m', '1', '1.5'),
    memory: fc.constantFrom('64Mi', '512Mi', '2Gi'),
    maxReplicas: fc.integer({ min: 20, max: 500 }),
    settings: fc.dictionary(variable, text, { maxKeys: 4 }),
    secrets: fc.dictionary(
      fc.constantFrom('SECRET_TOKEN', 'SECRET_DATABASE_URL'),
      fc.record({ name: fc.constantFrom('hello', 'hello.v2'), key: fc.constantFrom('token', 'tls.key', 'A_KEY') }),
    ),
    requestsPerSecond: fc.integer({ min: 100, max: 5000 }),
  },
  { requiredKeys: [] },
);

/** Plans that meet a budget of five minutes with the lowest traffic of {@link serviceText}, so that no rule rejects them. */
const rollback = fc.record(
  {
    budget: fc.constant('5m'),
    plan: fc.constantFrom(...rolloutPresets),
    steps: fc.constantFrom([10], [5, 10, 50], [25, 50, 100]),
    threshold: fc.integer({ min: 5, max: 8 }),
    interval: fc.constantFrom('10s', '15s', '20s'),
    window: fc.constantFrom('40s', '60s'),
    scrape: fc.constantFrom('2s', '5s', '10s'),
    progressDeadline: fc.constantFrom('30s', '2m'),
  },
  { requiredKeys: ['budget', 'plan'] },
);

/** Valid service files, with every field that affects manifests. */
const serviceText = (serviceName: string) =>
  fc
    .record(
      {
        team: name,
        port: fc.integer({ min: 1024, max: 65535 }),
        metricsPath: fc.constantFrom('/metrics', '/internal/metrics'),
        metrics: fc.oneof(
          fc.constantFrom(...metricsPresetNames),
          fc.record(
            {
              preset: fc.constantFrom(...metricsPresetNames),
              requests: fc.constantFrom('api_calls_total', 'api_seconds_count'),
              duration: fc.constantFrom('api_seconds', 'api_duration_ms'),
              status: fc.constantFrom('status', 'result'),
              type: fc.constantFrom('histogram', 'native-histogram'),
            },
            { requiredKeys: [] },
          ),
        ),
        traffic: fc.record({
          requestsPerSecond: fc.integer({ min: 100, max: 10_000 }),
          path: fc.constantFrom('/', '/v1/ping'),
        }),
        objectives: fc.record({
          errorRate: fc.constantFrom('0.5%', '1%', '2%'),
          p99: fc.constantFrom('100ms', '500ms', '2s'),
          availability: fc.constantFrom('99%', '99.9%', '99.95%'),
        }),
        rollback,
        agent: fc.boolean(),
        network: fc.record({
          from: fc.constant([serviceName]),
          to: fc.array(
            fc.oneof(
              fc.constant({ service: serviceName }),
              fc.record({
                cidr: fc.constantFrom('10.0.0.0/8', '192.168.1.0/24'),
                port: fc.integer({ min: 1, max: 65535 }),
              }),
            ),
            { maxLength: 3 },
          ),
        }),
        environments: fc.record({ dev: size, prod: size }, { requiredKeys: [] }),
      },
      { requiredKeys: ['team'] },
    )
    .map((fields) =>
      stringify(
        { version: 1, name: serviceName, source: { repository: `acme/${serviceName}` }, ...fields },
        { aliasDuplicateObjects: false },
      ),
    );

const platformFile = readFileSync(join(__dirname, '..', '..', 'catalog', 'platform.yaml'), 'utf8');

const undefinedIfNone = { nil: undefined };

const platformText = fc
  .record({
    delivery: fc.record({
      tracing: fc.option(
        fc.constantFrom('http://otel-collector.tracing:4318', 'https://otlp.example.com'),
        undefinedIfNone,
      ),
      dashboards: fc.option(fc.constant('https://grafana.example.com'), undefinedIfNone),
      chat: fc.option(
        fc.constantFrom({ kind: 'slack', secret: '{team}-chat' }, { kind: 'gchat', secret: 'chat' }),
        undefinedIfNone,
      ),
      addOns: fc.subarray([...addOns]),
      receivers: fc.record(
        { page: fc.constant('https://page.example.com/x'), ticket: fc.constant('https://ticket.example.com') },
        { requiredKeys: [] },
      ),
      monitorLabels: fc.constantFrom({ release: 'prometheus' }, { team: 'platform', prometheus: 'main' }),
      loadTester: fc.constantFrom('http://flagger-loadtester.flagger', 'http://load.testing:8080'),
    }),
    namespace: fc.constantFrom('{service}', '{team}-{environment}'),
    cluster: fc.constantFrom('https://kubernetes.default.svc', 'https://prod.example.com:6443'),
  })
  .map(({ delivery, namespace, cluster }) => {
    const platform = parseDocument(platformFile);
    for (const [field, value] of Object.entries(delivery)) {
      if (value === undefined) {
        platform.deleteIn(['delivery', field]);
      } else {
        platform.setIn(['delivery', field], platform.createNode(value));
      }
    }
    platform.setIn(['environments', 1, 'namespace'], namespace);
    platform.setIn(['environments', 1, 'cluster'], cluster);
    return String(platform);
  });

/** Valid catalogs. */
export const arbitraryCatalog: fc.Arbitrary<Catalog> = fc
  .tuple(platformText, fc.uniqueArray(name, { minLength: 1, maxLength: 3 }))
  .chain(([platform, names]) =>
    fc.tuple(...names.map(serviceText)).map((texts) =>
      requireCatalog(
        { file: 'platform.yaml', text: platform },
        texts.map((each, index) => ({ file: `${names[index]}.yaml`, text: each })),
      ),
    ),
  );
