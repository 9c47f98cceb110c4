import { parseDocument } from 'yaml';
import { describeProblem, parseCatalog } from '../../lib/catalog';
import { exampleFiles } from './example-files';

/** The problems of the example platform with these fields of delivery. */
function problemsOf(delivery: Readonly<Record<string, unknown>>): readonly string[] {
  const document = parseDocument(exampleFiles.platform);
  for (const [field, value] of Object.entries(delivery)) {
    document.setIn(['delivery', field], document.createNode(value));
  }
  const result = parseCatalog({ file: 'platform.yaml', text: String(document) }, [
    { file: 'hello.yaml', text: exampleFiles.service },
  ]);
  return result.ok ? [] : result.problems.map(describeProblem);
}

const amazon = 'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-12345678/';

test('a Prometheus outside of the cluster is refused at its line, unless delivery.scrapers says what scrapes', () => {
  const prometheus = 'https://mimir.example.com/prometheus';
  const [problem, ...others] = problemsOf({ prometheus });
  expect(problem).toMatch(/^platform\.yaml:\d+:\d+ delivery\.prometheus: found "https:\/\/mimir/);
  expect(problem).toContain('or delivery.scrapers beside it: mimir.example.com is outside of the cluster');
  expect(others).toEqual([]);
  expect(problemsOf({ prometheus, scrapers: [{ namespace: 'monitoring' }] })).toEqual([]);
});

test('for Amazon Managed Service for Prometheus, the error says that queries must be signed', () => {
  expect(problemsOf({ prometheus: amazon })).toEqual([
    expect.stringContaining('accepts only signed queries, which Flagger does not send'),
  ]);
});

test('a signing proxy is required for it even if what scrapes is named', () => {
  expect(problemsOf({ prometheus: amazon, scrapers: [{ namespace: 'monitoring' }] })).toEqual([
    expect.stringContaining('expected the URL of a proxy in the cluster that signs queries'),
  ]);
  expect(problemsOf({ prometheus: { url: amazon } })).toHaveLength(1);
  expect(problemsOf({ prometheus: 'http://aws-sigv4-proxy.monitoring:8005/workspaces/ws-12345678' })).toEqual([]);
});

test('a remote Prometheus takes headers and a Secret', () => {
  const url = 'http://mimir-gateway.mimir/prometheus';
  expect(problemsOf({ prometheus: { url, headers: { 'X-Scope-OrgID': 'acme' }, secret: '{team}-mimir' } })).toEqual([]);
});

test.each([
  [{ Authorization: 'Bearer abc' }, 'credentials belong into the Secret of delivery.prometheus.secret'],
  [
    { 'X-Scope-OrgID': 'acme', 'x-scope-orgid': 'other' },
    'each header only once: HTTP takes it for the same as X-Scope-OrgID',
  ],
  [{ 'X Scope': 'acme' }, 'the name of an HTTP header, such as X-Scope-OrgID'],
  [{ 'X-Scope-OrgID': 'a\nb' }, 'a header value of printable ASCII characters'],
])('the headers %j of Prometheus are refused', (headers, message) => {
  expect(problemsOf({ prometheus: { url: 'http://mimir.mimir', headers } })).toEqual([
    expect.stringContaining(message),
  ]);
});

test('a freeze is answered with the ways to hold releases', () => {
  const document = parseDocument(exampleFiles.platform);
  document.setIn(['environments', 1, 'freeze'], document.createNode([{ from: '2026-12-18' }]));
  const result = parseCatalog({ file: 'platform.yaml', text: String(document) }, []);
  expect(result.ok ? [] : result.problems.map(describeProblem)).toEqual([
    expect.stringContaining('a disabled transition ("Freeze releases" in the runbook)'),
  ]);
});

test.each([
  ['gateway', { name: 'public', namespace: 'gateway', from: [{ cidr: '10.20.0.0/16' }, { cidr: 'fd00:ec2:80::/64' }] }],
  ['scrapers', [{ namespace: 'monitoring' }, { cidr: '10.0.0.9/32' }]],
  ['dns', [{ namespace: 'openshift-dns', port: 5353 }, { cidr: '169.254.20.10/32' }]],
])('delivery.%s takes namespaces and address ranges', (field, value) => {
  expect(problemsOf({ [field]: value })).toEqual([]);
});

test.each([
  ['scrapers', [], 'a namespace or an address range'],
  ['scrapers', [{ cidr: '10.0.0.9' }], 'a namespace or an address range'],
  ['scrapers', [{ cidr: '::ffff:10.0.0.9/128' }], 'IPv4 addresses written as IPv4'],
  ['scrapers', [{ namespace: 'Monitoring' }], 'the name of a namespace'],
  ['scrapers', [{ namespace: 'a', cidr: '10.0.0.0/8' }], 'a namespace or an address range'],
  ['dns', [{ namespace: 'dns', port: 0 }], 'a port number from 1 to 65535'],
  ['prometheus', 'http://:9090', 'the URL of Prometheus'],
  ['loadTester', 'http://load.testing:99999', 'the URL of a Flagger load tester'],
  ['tracing', 'http://', 'the URL of an OTLP endpoint'],
  ['dashboards', 'https://a b', 'the URL of Grafana'],
  ['monitorLabels', { 'a b': 'c' }, 'the name of a Kubernetes label'],
  ['monitorLabels', { release: 'a b' }, 'the value of a Kubernetes label'],
])('delivery.%s: %j is refused', (field, value, expected) => {
  const problems = problemsOf({ [field]: value });
  expect(problems).toEqual([expect.stringContaining(`delivery.${field}`)]);
  expect(problems[0]).toContain(expected);
});
