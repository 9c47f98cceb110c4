import { parse } from 'yaml';
import { describeProblem, parseCatalog, type Service } from '../../lib/catalog';
import { exampleFiles } from './example-files';

function check(fields: string) {
  return parseCatalog({ file: 'platform.yaml', text: exampleFiles.platform }, [
    { file: 'hello.yaml', text: `${exampleFiles.service}${fields}\n` },
  ]);
}

/** The problems of a service with these fields. */
function problemsOf(fields: string): readonly string[] {
  const result = check(fields);
  return result.ok ? [] : result.problems.map(describeProblem);
}

function serviceWith(fields: string): Service {
  const result = check(fields);
  if (!result.ok) {
    throw new Error(result.problems.map(describeProblem).join('\n'));
  }
  return result.catalog.services[0] as Service;
}

test('a service with every field of a container is valid', () => {
  const fields = `
args: [serve, --verbose, --workers=4]
ports: [{ name: grpc, port: 9090 }, { name: metrics, port: 9100 }]
metrics: { preset: client_golang, port: 9100 }
probes: { port: 9090 }
tmpSize: 1Gi
shutdown: { drain: 10s, gracePeriod: 2m }
environments:
  prod:
    role: arn:aws:iam::111111111111:role/teams/orders
    files:
      /etc/app/config.yaml: |
        level: info
`;
  expect(problemsOf(fields)).toEqual([]);
  expect(serviceWith(fields).environments.prod?.files).toEqual({ '/etc/app/config.yaml': 'level: info\n' });
});

test('arguments may be numbers and booleans, unless YAML changes their text', () => {
  expect(serviceWith('args: [serve, 8080, true]').args).toEqual(['serve', '8080', 'true']);
  expect(problemsOf('args: [--version, 1.10]')).toEqual([
    'hello.yaml:5:19 args.1: found 1.10, expected "1.10" in quotation marks: without them the service receives 1.1',
  ]);
});

test.each([80, 443, 1023])('the port %s is refused with the reason and the remedy', (port) => {
  const [problem, ...others] = problemsOf(`port: ${port}`);
  expect(problem).toContain('hello.yaml:5:7 port: found');
  expect(problem).toContain('does not run as root');
  expect(problem).toContain('Let the service listen on another port, such as 8080');
  expect(others).toEqual([]);
});

test.each([
  ['protocol: grpc', 'protocol', 'which gRPC needs'],
  ['protocol: h2c\nrollback: { budget: 10m, plan: blue-green }', 'protocol', 'generates are HTTP/1.1'],
  ['ports: [{ name: gRPC, port: 9090 }]', 'ports.0.name', 'a lowercase name'],
  ['ports: [{ name: a-very-long-name, port: 9090 }]', 'ports.0.name', 'at most 15 characters'],
  ['ports: [{ name: "123", port: 9090 }]', 'ports.0.name', 'at least one letter'],
  ['ports: [{ name: a--b, port: 9090 }]', 'ports.0.name', 'without "--"'],
  ['ports: [{ name: grpc, port: 9090 }, { name: grpc, port: 9091 }]', 'ports.1.name', 'that no other port has'],
  ['ports: [{ name: a, port: 9090 }, { name: b, port: 9090 }]', 'ports.1.port', 'that no other port has'],
  ['ports: [{ name: grpc, port: 8080 }]', 'ports.0.port', 'another number than that of port'],
  ['ports: [{ name: http, port: 9090 }]', 'ports.0.name', 'http is the name of port'],
  ['ports: [{ name: metrics, port: 9100 }]', 'ports.0.name', 'metrics.port too'],
  ['ports: [{ name: probes, port: 9200 }]', 'ports.0.name', 'probes.port too'],
  ['ports: [{ name: admin, port: 9100 }]\nmetrics: { port: 9100 }', 'ports.0.name', 'the name metrics'],
  ['shutdown: { drain: 30s }', 'shutdown', 'longer than drain (30s)'],
  ['shutdown: { drain: 1500ms }', 'shutdown.drain', 'whole seconds'],
  ['rollback: { interval: 10500ms }', 'rollback.interval', 'whole seconds'],
  ['tmpSize: 1GB', 'tmpSize', 'memory with a binary unit'],
  ['kind: grpc', 'kind', 'A gRPC server is of kind http'],
])('%s is refused at %s', (fields, field, expected) => {
  const problems = problemsOf(fields);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(` ${field}: `);
  expect(problems[0]).toContain(expected);
});

describe('configuration files', () => {
  const withFiles = (files: string) => problemsOf(`environments: { prod: { files: { ${files} } } }`);

  test.each([
    ['etc/app.yaml', 'an absolute path'],
    ['/etc/../app.yaml', 'an absolute path'],
    ['/etc/./app.yaml', 'an absolute path'],
    ['/etc/app/', 'an absolute path'],
    ['/', 'an absolute path'],
    ['"/etc/a:b"', 'an absolute path'],
    [`/etc/${'x'.repeat(200)}`, 'at most 200 characters'],
    ['/tmp/app.yaml', '/tmp is the only folder that the service can write to'],
    ['/proc/self', '/proc is a file system of the kernel'],
    ['/var/run/secrets/token', '/var/run/secrets is the folder of the tokens'],
    ['/etc/resolv.conf', '/etc/resolv.conf is a file that Kubernetes writes'],
    ['/hello', '/hello is the program'],
    ['/hello/config.yaml', '/hello is the program'],
  ])('%s is refused', (path, expected) => {
    const problems = withFiles(`${path}: text`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });

  test.each(['/etc/app.yaml', '/tmpfiles/a', '/etc/app/.hidden', '/etc/..data/a', '/hello.yaml', '/a'])(
    '%s is allowed',
    (path) => {
      expect(withFiles(`${path}: text`)).toEqual([]);
    },
  );

  test('a file cannot be below another file', () => {
    expect(withFiles('/etc/app: a, /etc/app/config.yaml: b')).toEqual([
      expect.stringContaining('expected another path: /etc/app is a file, not a folder'),
    ]);
  });

  test('the files of an environment have at most 1 MiB, the limit of a ConfigMap', () => {
    expect(withFiles(`/a: ${'x'.repeat(1024 * 1024)}`)).toEqual([]);
    expect(withFiles(`/a: ${'x'.repeat(1024 * 1024)}, /b: y`)).toEqual([
      expect.stringContaining('found 1048577, expected at most 1048576 bytes'),
    ]);
  });

  test('the content is text', () => {
    expect(withFiles('/etc/app.yaml: { level: info }')).toEqual([
      expect.stringContaining('expected the content of the file as text, such as a block that begins with |'),
    ]);
  });
});

test.each([
  ['args: ["{{ .Values.a }}"]', 'args.0'],
  ['environments: { prod: { settings: { A: "{{- .Release.Name }}" } } }', 'environments.prod.settings.A'],
  ['environments: { prod: { files: { /a: "{{.Values.a}}" } } }', 'environments.prod.files./a'],
  ['args: ["a\\0b"]', 'args.0'],
  ...['\\x01', '\\b', '\\e', '\\x7f', '\\x80', '\\x9f', '\\uFFFE', '\\uFFFF', '\\uD800'].flatMap((written) => [
    [`args: ["a${written}b"]`, 'args.0'],
    [`environments: { prod: { settings: { A: "a${written}b" } } }`, 'environments.prod.settings.A'],
    [`environments: { prod: { files: { /a: "a${written}b" } } }`, 'environments.prod.files./a'],
  ]),
])('a text that no manifest can carry through the checks of publish is refused: %s', (fields, field) => {
  expect(problemsOf(fields)).toEqual([expect.stringContaining(` ${field}: found`)]);
});

test.each(['\\t', '\\n', '\\r', '\\N', '\\L', '\\P', '\\uFEFF', '\\_', '\\U0001F600'])(
  'a text with %s is a text like any other',
  (written) => {
    expect(problemsOf(`args: ["a${written}b"]`)).toEqual([]);
  },
);

test('other templates are texts like any other', () => {
  expect(problemsOf('args: ["{{ .Name }}", "$(HOME)", "{{ $value }}"]')).toEqual([]);
});

test.each([
  'orders',
  'arn:aws:iam::1234:role/orders',
  'arn:aws:iam::111111111111:user/orders',
  'arn:aws:sts::111111111111:assumed-role/orders/x',
])('the role %s is refused', (role) => {
  expect(problemsOf(`environments: { prod: { role: "${role}" } }`)).toEqual([
    expect.stringContaining('expected the ARN of an IAM role, such as arn:aws:iam::111111111111:role/orders'),
  ]);
});

test('the defaults of a container keep the ledger input of a service that sets nothing', () => {
  expect(parse(exampleFiles.service)).not.toHaveProperty('args');
  expect(serviceWith('')).toMatchObject({
    args: [],
    protocol: 'http',
    ports: [],
    tmpSize: '64Mi',
    shutdown: { drain: '5s', gracePeriod: '30s' },
  });
});

test.each([
  ['serviceAccount: { annotations: {} }', 'did you mean environments.<name>.role?'],
  ['volumes: [{ configMap: orders }]', 'did you mean environments.<name>.files?'],
  ['metricsPort: 9102', 'did you mean metrics.port?'],
  ['command: [serve]', 'did you mean args?'],
  ['env: { A: b }', 'did you mean environments.<name>.settings?'],
  ['terminationGracePeriodSeconds: 60', 'did you mean shutdown?'],
  ['startupProbe: {}', 'did you mean rollback.progressDeadline?'],
  ['metrcs: opentelemetry', 'did you mean metrics?'],
])('the key of %s is answered with the field that does it', (fields, hint) => {
  expect(problemsOf(fields)).toEqual([expect.stringContaining(`(${hint})`)]);
});

test.each([
  ['start: { settings: { VERSION: 1.10 } }', 'start.settings.VERSION', 'expected "1.10" in quotation marks'],
  ['start: { settings: { MODE: 0755 } }', 'start.settings.MODE', 'expected "0755" in quotation marks'],
  ['start: { settings: { PORT: "9000" } }', 'start.settings.PORT', 'another name: Bowline sets this variable'],
  ['start: { settings: { GOMEMLIMIT: "1" } }', 'start.settings.GOMEMLIMIT', 'another name'],
  ['environments: { prod: { settings: { PORT: "1" } } }', 'environments.prod.settings.PORT', 'another name'],
])('settings of the first start are checked like those of an environment: %s', (fields, field, expected) => {
  const problems = problemsOf(fields);
  expect(problems).toEqual([expect.stringContaining(` ${field}: found`)]);
  expect(problems[0]).toContain(expected);
});

describe('the reference of a Secret', () => {
  const withSecret = (name: string, key: string) =>
    problemsOf(`environments: { prod: { secrets: { TOKEN: ${JSON.stringify({ name, key })} } } }`);
  const labels = (length: number) => 'a'.repeat(length);

  test.each(['a', 'orders.v2', '0-0', `${labels(200)}.b`, labels(253)])('may have the name %s', (name) => {
    expect(withSecret(name, 'token')).toEqual([]);
  });

  test.each(['a-', '-a', 'a.', '.a', 'a..b', 'a.-b', 'a-.b', 'A', 'a_b', '', labels(254)])(
    'may not have the name %j',
    (name) => {
      expect(withSecret(name, 'token')).toEqual([
        expect.stringContaining('environments.prod.secrets.TOKEN.name: found'),
      ]);
    },
  );

  test.each(['tls.key', '.hidden', '-', '_', 'A_B-c.d', labels(253)])('may have the key %s', (key) => {
    expect(withSecret('orders', key)).toEqual([]);
  });

  test.each(['.', '..', '..data', 'a b', 'a/b', '', 'ä', labels(254)])('may not have the key %j', (key) => {
    expect(withSecret('orders', key)).toEqual([expect.stringContaining('environments.prod.secrets.TOKEN.key: found')]);
  });
});
