import { join } from 'node:path';
import { type Environment, loadCatalog, servicesInEnvironments } from '../../lib/catalog';
import {
  environmentFile,
  parseEnvironmentFile,
  parseReleaseInput,
  parseServiceFile,
  serializeReleaseFile,
} from '../../lib/ledger';
import { canonicalJson } from '../../lib/values';
import { releaseOf, serviceOf } from './fixtures';

const catalog = loadCatalog(join(__dirname, '../../catalog'));
const [firstEnvironment] = catalog.platform.environments as [Environment];

describe('the inputs of the ledger', () => {
  test('every service of the example catalog survives a round trip', () => {
    const services = servicesInEnvironments(catalog);
    expect(services.length).toBeGreaterThan(0);
    for (const service of services) {
      const text = canonicalJson(service);
      expect(canonicalJson(parseServiceFile(service.environment, service.name, text))).toBe(text);
    }
  });

  test('every environment of the example catalog survives a round trip', () => {
    for (const environment of catalog.platform.environments) {
      const file = environmentFile(catalog.platform, environment);
      expect(parseEnvironmentFile(environment.name, canonicalJson(file))).toEqual(file);
    }
  });

  test('a description with all optional fields survives a round trip', () => {
    const full = serviceOf('hello', 'dev', {
      tracing: 'http://jaeger:4317',
      dashboards: 'http://grafana',
      args: ['serve'],
      protocol: 'h2c',
      ports: [{ name: 'grpc', port: 9090 }],
      probes: { ready: '/readyz', live: '/livez', port: 9200 },
      gatewayFrom: [{ cidr: '10.20.0.0/16' }],
      scrapers: [{ namespace: 'alloy' }],
      dns: [{ namespace: 'dns', port: 5353 }, { cidr: '169.254.20.10/32' }],
      files: { '/etc/app/config.yaml': 'level: info' },
      role: 'arn:aws:iam::111111111111:role/hello',
      tmpSize: '1Gi',
      shutdown: { drainSeconds: 10, gracePeriodSeconds: 60 },
      settings: { LOG_LEVEL: 'info' },
      secrets: { TOKEN: { name: 'hello', key: 'token' } },
      rollback: {
        budgetSeconds: 60,
        plan: 'careful',
        steps: [5, 10],
        threshold: 3,
        intervalSeconds: 10,
        windowSeconds: 20,
        scrapeSeconds: 5,
        progressDeadlineSeconds: 60,
      },
    });
    expect(parseServiceFile('dev', 'hello', canonicalJson(full))).toEqual(full);
  });

  test('a description of the first version, with the name of a library in place of the names of metrics, is read', () => {
    const { metrics: _, ...rest } = serviceOf('hello', 'dev');
    const older = { ...rest, metrics: 'opentelemetry', metricsPath: '/internal/metrics' };
    expect(parseServiceFile('dev', 'hello', canonicalJson(older)).metrics).toMatchObject({
      requests: 'http_server_request_duration_seconds_count',
      port: 8080,
      path: '/internal/metrics',
    });
    const unknown = canonicalJson({ ...older, metrics: 'unheard-of' });
    expect(() => parseServiceFile('dev', 'hello', unknown)).toThrow(/malformed at metrics/);
  });

  test('unknown fields are ignored', () => {
    const text = canonicalJson({ ...serviceOf('hello', 'dev'), somethingNew: true });
    expect(parseServiceFile('dev', 'hello', text)).toEqual(serviceOf('hello', 'dev'));
  });

  test('an error names the file and the field', () => {
    const text = canonicalJson({ ...serviceOf('hello', 'dev'), probes: { ready: '/readyz' } });
    expect(() => parseServiceFile('dev', 'hello', text)).toThrow(
      /^services\/dev\/hello\.json: malformed at probes\.live: /,
    );
    expect(() => parseServiceFile('dev', 'hello', '{')).toThrow('services/dev/hello.json: is not JSON');
    expect(() => parseReleaseInput('dev', 'hello', 'null')).toThrow(/^releases\/dev\/hello\.json: malformed/);
    expect(() => parseReleaseInput('dev', 'hello', '<<<<<<< HEAD')).toThrow('releases/dev/hello.json: is not JSON');
    expect(() => parseEnvironmentFile('dev', '{"version":1}')).toThrow(/^environments\/dev\.json: malformed at name/);
  });

  test('a file whose content does not match its path is rejected', () => {
    expect(() => parseServiceFile('prod', 'hello', canonicalJson(serviceOf('hello', 'dev')))).toThrow(
      'services/prod/hello.json: environment is "dev", but the path requires "prod"',
    );
    expect(() => parseReleaseInput('dev', 'other', serializeReleaseFile(releaseOf('hello', 'dev', 'one')))).toThrow(
      'releases/dev/other.json: service is "hello", but the path requires "other"',
    );
  });

  test('a moved file is rejected by each of its names', () => {
    const moved = (field: string) =>
      expect.objectContaining({
        name: 'LedgerInputError',
        code: 'failed',
        exitCode: 1,
        message: expect.stringContaining(`.json: ${field} is `),
      });
    const service = canonicalJson(serviceOf('hello', 'dev'));
    expect(() => parseServiceFile('prod', 'hello', service)).toThrow(moved('environment'));
    expect(() => parseServiceFile('dev', 'other', service)).toThrow(moved('name'));
    const release = serializeReleaseFile(releaseOf('hello', 'dev', 'one'));
    expect(() => parseReleaseInput('prod', 'hello', release)).toThrow(moved('environment'));
    expect(() => parseReleaseInput('dev', 'other', release)).toThrow(moved('service'));
    const environment = canonicalJson(environmentFile(catalog.platform, firstEnvironment));
    expect(() => parseEnvironmentFile('other', environment)).toThrow(moved('name'));
  });

  test('fields that former versions did not write have the values that they rendered with', () => {
    const { trafficPath: _t, loadTester: _l, agentUrl: _a, network: _n, ...former } = serviceOf('hello', 'dev');
    expect(parseServiceFile('dev', 'hello', canonicalJson(former))).toEqual({
      ...former,
      trafficPath: '/',
      loadTester: 'http://flagger-loadtester.flagger',
      agentUrl: 'http://bowline-agent.bowline:8080',
      network: { from: [], to: [] },
    });
    const { agentUrl: _u, addOns: _o, receivers: _r, ...older } = environmentFile(catalog.platform, firstEnvironment);
    expect(parseEnvironmentFile(older.name, canonicalJson(older))).toEqual({
      ...older,
      agentUrl: 'http://bowline-agent.bowline:8080',
      addOns: [],
      receivers: {},
    });
  });

  test.each<Parameters<typeof serviceOf>[2] & object>([
    { network: { from: [{ service: 'shop', namespace: 'shop' }], to: [{ service: 'cart', namespace: 'cart' }] } },
    { network: { from: [], to: [{ cidr: '10.0.0.0/8', port: 5432 }] } },
    { prometheusAccess: { headers: { 'X-Scope-OrgID': 'acme' }, secret: 'prometheus' } },
    { chat: { kind: 'slack', secret: 'chat' } },
    { rollback: { budgetSeconds: 60, plan: 'balanced' } },
    { rollback: { budgetSeconds: 60, plan: 'blue-green' } },
    { metrics: { ...serviceOf('hello', 'dev').metrics, unit: 'milliseconds' } },
    { metrics: { ...serviceOf('hello', 'dev').metrics, type: 'native-histogram' } },
  ])('a description with %j survives a round trip', (changes) => {
    const service = serviceOf('hello', 'dev', changes);
    expect(parseServiceFile('dev', 'hello', canonicalJson(service))).toEqual(service);
  });

  test.each(['null', '1', '"hello"', '[]'])('a description that is %s is malformed', (text) => {
    expect(() => parseServiceFile('dev', 'hello', text)).toThrow(/^services\/dev\/hello\.json: malformed at /);
  });

  test('the path of a former description counts only if it is a text', () => {
    const { metrics: _, ...rest } = serviceOf('hello', 'dev');
    const older = { ...rest, metrics: 'opentelemetry', metricsPath: 1 };
    expect(parseServiceFile('dev', 'hello', canonicalJson(older)).metrics.path).toBe('/metrics');
  });
});
