import fc from 'fast-check';
import { parseDocument } from 'yaml';
import { addOns, applicationName, describeProblem, parseCatalog } from '../../lib/catalog';
import { exampleFiles } from './example-files';

type Changes = Readonly<Record<string, unknown>>;

/**
 * The problems of the example platform with these changes, and of services of these names.
 * @param teams the teams of services that are not in the team storefront
 */
function problemsOf(
  changes: Changes,
  services: readonly string[] = ['hello'],
  teams: Readonly<Record<string, string>> = {},
): readonly string[] {
  const document = parseDocument(exampleFiles.platform);
  for (const [field, value] of Object.entries(changes)) {
    const path = field.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    document.setIn(path, document.createNode(value));
  }
  const result = parseCatalog(
    { file: 'platform.yaml', text: String(document) },
    services.map((name) => ({
      file: `${name}.yaml`,
      text: exampleFiles.service
        .replace('name: hello', `name: ${name}`)
        .replace('team: storefront', `team: ${teams[name] ?? 'storefront'}`),
    })),
  );
  return result.ok ? [] : result.problems.map(describeProblem);
}

const longName = `s${'x'.repeat(39)}`;

test('a namespace that Kubernetes would reject is an error at its template, once per environment', () => {
  const changes = { 'environments.1.namespace': '{service}-{team}-{environment}-applications' };
  expect(problemsOf(changes)).toEqual([]);
  expect(problemsOf(changes, ['a', longName, `t${longName.slice(1)}`])).toEqual([
    expect.stringMatching(/environments\.1\.namespace: .* for s(x+) it is ".*" \(69 characters\)$/),
  ]);
  expect(problemsOf({ 'environments.1.namespace': '-{service}' })).toEqual([
    expect.stringContaining('with a letter or a digit at both ends: for hello it is "-hello" (6 characters)'),
  ]);
});

test.each(['{service}..example.com', '{service}-.example.com', `{service}.${'x'.repeat(64)}.com`])(
  'the host name %s is an error, once',
  (hostname) => {
    expect(problemsOf({ 'delivery.hostname': hostname }, ['a', 'b'])).toEqual([
      expect.stringContaining('delivery.hostname'),
    ]);
  },
);

test('a host name of two services is an error, and one of a single service is not', () => {
  const changes = { 'delivery.hostname': '{environment}.example.com' };
  expect(problemsOf(changes)).toEqual([]);
  expect(problemsOf(changes, ['a', 'b'])).toEqual([
    expect.stringContaining('a template with {service}: a and b in dev both get dev.example.com'),
  ]);
});

test.each(['{team}-', '-{service}', `{service}-${'x'.repeat(253)}`])(
  'the Secrets of the chat and of Prometheus have valid names, unlike %s',
  (secret) => {
    expect(problemsOf({ 'delivery.chat': { kind: 'slack', secret } }, ['a', 'b'])).toEqual([
      expect.stringContaining('delivery.chat.secret'),
    ]);
    const prometheus = { url: 'http://mimir.mimir', secret };
    expect(problemsOf({ 'delivery.prometheus': prometheus }, ['a', 'b'])).toEqual([
      expect.stringContaining('delivery.prometheus.secret'),
    ]);
  },
);

test('a service cannot have the name of an object that Flagger creates in its namespace', () => {
  const shared = { 'environments.0.namespace': '{team}' };
  expect(problemsOf({}, ['hello', 'hello-primary', 'hello-canary'])).toEqual([]);
  expect(problemsOf(shared, ['hello', 'hello-primary', 'hello-canary'])).toEqual([
    expect.stringMatching(/^hello-canary\.yaml:2:7 name: .*Flagger creates objects of the name hello-canary for hello/),
    expect.stringMatching(/^hello-primary\.yaml:2:7 name: .*in the same namespace \(storefront in dev\)$/),
  ]);
});

describe('Argo CD has one object per name', () => {
  const two = { 'environments.0.name': 'dev', 'environments.1.name': 'dev-eu' };
  const shared = (problems: readonly string[]) => problems.filter((problem) => problem.includes('Argo CD would have'));

  test('two services whose Applications get one name are reported with both places', () => {
    expect(shared(problemsOf(two, ['api', 'eu-api']))).toEqual([
      'api.yaml:2:7 name: found "api", expected another name here, at eu-api.yaml:2:7 name or for an environment: Argo CD would have one Application dev-eu-api for eu-api in dev and for api in dev-eu',
    ]);
    expect(shared(problemsOf(two, ['api', 'us-api']))).toEqual([]);
  });

  test('two teams whose projects get one name are reported with both places', () => {
    expect(shared(problemsOf(two, ['a', 'b'], { a: 'eu-shop', b: 'shop' }))).toEqual([
      'b.yaml:3:7 team: found "shop", expected another name here, at a.yaml:3:7 team or for an environment: Argo CD would have one project dev-eu-shop for team eu-shop in dev and for team shop in dev-eu',
    ]);
    expect(shared(problemsOf(two, ['a', 'b'], { a: 'shop', b: 'shop' }))).toEqual([]);
  });

  test.each([...addOns, 'flagger-loadtester'])('no service can have the name of the add-on %s', (addOn) => {
    const changes = {
      'environments.0.namespace': 'apps',
      'environments.1.namespace': 'apps',
      'delivery.addOns': addOns,
    };
    expect(problemsOf(changes, [addOn])).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${addOn}\\.yaml:2:7 name: .* at platform\\.yaml:.*one Application dev-${addOn} for the add-on ${addOn} in dev`,
        ),
      ),
    ]);
    expect(problemsOf({ ...changes, 'delivery.addOns': [] }, [addOn])).toEqual([]);
  });

  test('the platform has Applications and a project, too', () => {
    const changes = { 'environments.0.name': 'bowline', 'environments.1.name': 'dev' };
    expect(shared(problemsOf(changes, ['apps-dev'], { 'apps-dev': 'dev' }))).toEqual([
      expect.stringContaining('one Application bowline-apps-dev for the platform in dev and for apps-dev in bowline'),
      expect.stringContaining('one project bowline-dev for the platform in dev and for team dev in bowline'),
    ]);
  });

  test('the reported names are exactly those that the charts render twice', () => {
    const part = fc.constantFrom('a', 'b', 'a-b', 'b-a', 'a-a', 'c');
    fc.assert(
      fc.property(
        fc.uniqueArray(part, { minLength: 2, maxLength: 2 }),
        fc.uniqueArray(part, { minLength: 1, maxLength: 3 }),
        (environments, names) => {
          const rendered = environments.flatMap((environment) =>
            names.map((name) => applicationName(environment, name)),
          );
          const changes = {
            'environments.0.name': environments[0],
            'environments.1.name': environments[1],
            'environments.0.namespace': 'apps',
            'environments.1.namespace': 'apps',
          };
          expect(shared(problemsOf(changes, names)).length > 0).toBe(new Set(rendered).size < rendered.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a namespace of the cluster or of the platform', () => {
  const platform = {
    'delivery.gateway': { name: 'public', namespace: 'edge', from: [{ namespace: 'envoy-gateway-system' }] },
    'delivery.argocdNamespace': 'cd',
    'delivery.prometheus': 'http://prometheus.metrics:9090',
    'delivery.tracing': 'http://collector.traces:4318',
    'delivery.loadTester': 'http://tester.load',
    'delivery.agent': 'http://agent.agents:8080',
    'delivery.addOns': ['loki'],
  };
  const taken = ['kube-system', 'kube-public', 'kube-node-lease', 'kube-x', 'default', 'flagger'];
  const owned = ['edge', 'envoy-gateway-system', 'cd', 'metrics', 'traces', 'load', 'agents', 'logging'];

  test.each([...taken, ...owned])('%s is no namespace of a service', (namespace) => {
    expect(problemsOf({ ...platform, 'environments.1.namespace': namespace })).toEqual([
      expect.stringMatching(
        new RegExp(
          `environments\\.1\\.namespace: found "${namespace}", expected another namespace, such as .*belongs to`,
        ),
      ),
    ]);
    expect(problemsOf(platform, [namespace])).toEqual([
      expect.stringMatching(
        new RegExp(`^${namespace}\\.yaml:2:7 name: .*expected another name, or another template than`),
      ),
    ]);
    const byTeam = { ...platform, 'environments.0.namespace': '{team}' };
    expect(problemsOf(byTeam, ['hello'], { hello: namespace })).toEqual([
      expect.stringMatching(/^hello\.yaml:3:7 team: .*expected another name, or another template than \{team\}/),
    ]);
  });

  test.each(['kube', 'kubernetes', 'defaults', 'flaggers', 'storefront', 'monitoring'])(
    '%s is a namespace like any other',
    (namespace) => {
      expect(problemsOf({ ...platform, 'environments.1.namespace': namespace })).toEqual([]);
    },
  );
});

test.each(['name', 'class'])('the %s of two environments may not differ in "-" alone', (field) => {
  const changes = { [`environments.0.${field}`]: 'eu-1', [`environments.1.${field}`]: 'eu1' };
  expect(problemsOf(changes)).toEqual([
    expect.stringContaining(`environments.1.${field}: found "eu1", expected a name that differs from eu-1`),
  ]);
});
