import { parseDocument } from 'yaml';
import { describeProblem, parseCatalog } from '../../lib/catalog';
import { exampleFiles } from './example-files';

type Changes = Readonly<Record<string, unknown>>;

/** The problems of the example platform with these changes, and of services of these names in the team storefront. */
function problemsOf(changes: Changes, services: readonly string[] = ['hello']): readonly string[] {
  const document = parseDocument(exampleFiles.platform);
  for (const [field, value] of Object.entries(changes)) {
    const path = field.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    document.setIn(path, document.createNode(value));
  }
  const result = parseCatalog(
    { file: 'platform.yaml', text: String(document) },
    services.map((name) => ({
      file: `${name}.yaml`,
      text: exampleFiles.service.replace('name: hello', `name: ${name}`),
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

test.each(['name', 'class'])('the %s of two environments may not differ in "-" alone', (field) => {
  const changes = { [`environments.0.${field}`]: 'eu-1', [`environments.1.${field}`]: 'eu1' };
  expect(problemsOf(changes)).toEqual([
    expect.stringContaining(`environments.1.${field}: found "eu1", expected a name that differs from eu-1`),
  ]);
});
