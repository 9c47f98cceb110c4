import fc from 'fast-check';
import { openVexType, vexDocument } from '../../lib/gate';
import type { Finding, Scanned } from '../../lib/release';
import { canonicalJson, type Digest, digestOf, imageRepository, instantOf } from '../../lib/values';
import { image, otherImage } from './report-fixtures';

const platformImage = `sha256:${'c'.repeat(64)}` as Digest;
const finding: Finding = {
  id: 'GHSA-w32m-9786-jp63',
  aliases: ['CVE-2024-45338', 'GO-2024-3333'],
  package: 'golang.org/x/net',
  version: 'v0.32.0',
  severity: 'high',
  source: 'grype',
  sources: ['grype', 'govulncheck'],
  reachable: false,
  decision: 'accepted',
  reason: 'parses nothing',
};
const release = (findings: readonly Finding[]) =>
  ({
    service: 'hello',
    source: { repository: 'acme/hello' },
    image: {
      repository: imageRepository('registry.example.com/acme/hello'),
      digest: image,
      platforms: { 'linux/arm64': otherImage, 'linux/amd64': platformImage },
      tag: 'x',
    },
    scannedAt: instantOf(new Date('2026-11-30T02:00:00Z')),
    tools: [
      { name: 'govulncheck', version: 'v1.9.0' },
      { name: 'grype', version: 'v0.121.2' },
    ],
    verdict: { findings },
  }) as unknown as Scanned;

test('states that a vulnerable function is not called, for the index and the image of each platform', () => {
  const subcomponents = [
    { '@id': 'pkg:golang/golang.org/x/net@v0.32.0' },
    { '@id': 'pkg:golang/golang.org/x/net@0.32.0' },
  ];
  const product = (digest: Digest) => {
    const purl = `pkg:oci/hello@sha256%3A${digest.slice(7)}?repository_url=registry.example.com%2Facme%2Fhello`;
    return { '@id': purl, identifiers: { purl }, hashes: { 'sha-256': digest.slice(7) }, subcomponents };
  };
  expect(vexDocument(release([finding]))).toEqual({
    '@context': openVexType,
    '@id': expect.stringMatching(/^https:\/\/bowline\.dev\/vex\/[0-9a-f]{64}$/),
    author: 'acme/hello',
    timestamp: '2026-11-30T02:00:00Z',
    version: 1,
    tooling: 'govulncheck v1.9.0',
    statements: [
      {
        vulnerability: { name: 'CVE-2024-45338', aliases: ['GHSA-w32m-9786-jp63', 'GO-2024-3333'] },
        products: [image, otherImage, platformImage].map(product),
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
        impact_statement: expect.stringContaining('golang.org/x/net'),
      },
    ],
  });
});

test('the standard library has the versions that syft and trivy write', () => {
  const document = vexDocument(release([{ ...finding, package: 'stdlib', version: 'go1.26.8' }]));
  expect(document?.statements[0]?.products[0]?.subcomponents).toEqual([
    { '@id': 'pkg:golang/stdlib@v1.26.8' },
    { '@id': 'pkg:golang/stdlib@1.26.8' },
  ]);
});

test.each<[string, Partial<Finding>]>([
  ['that is called', { reachable: true }],
  ['that govulncheck does not know', { sources: ['grype', 'trivy'] }],
  ['of a scanner of that name only in part', { sources: ['govulncheck2'] }],
  ['of a configuration', { title: 'Privileged', sources: ['govulncheck'] }],
])('states nothing about a finding %s', (_, changes) => {
  expect(vexDocument(release([{ ...finding, ...changes }]))).toBeUndefined();
});

test('states nothing without findings', () => {
  expect(vexDocument(release([]))).toBeUndefined();
});

const arbitraryFinding = fc.record({
  id: fc.constantFrom('CVE-2026-0001', 'CVE-2026-0002', 'GO-2026-0001'),
  package: fc.constantFrom('golang.org/x/net', 'stdlib'),
  reachable: fc.boolean(),
  sources: fc.subarray(['grype', 'govulncheck', 'trivy'], { minLength: 1 }),
});

test('every order of the findings gives the same bytes, and every statement has a finding that is not called', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(arbitraryFinding, { selector: ({ id, package: name }) => id + name, maxLength: 5 }),
      (found) => {
        const findings = found.map((each): Finding => ({ ...finding, aliases: [], ...each }));
        const document = vexDocument(release(findings));
        expect(canonicalJson(vexDocument(release([...findings].reverse())) ?? {})).toBe(canonicalJson(document ?? {}));
        const uncalled = findings.filter(({ reachable, sources }) => !reachable && sources.includes('govulncheck'));
        expect(document?.statements.length ?? 0).toBe(uncalled.length);
      },
    ),
  );
});

test('the ID is the digest of the rest of the document', () => {
  const { '@id': id, ...rest } = vexDocument(release([finding])) ?? { '@id': '' };
  expect(id.slice(-64)).toBe(digestOf(canonicalJson(rest)).slice(7));
});

test.each([
  ['v1.2.3', '1.2.3'],
  ['go1.26.8', '1.26.8'],
  ['1.2.3', '1.2.3'],
  ['(devel)', '(devel)'],
  ['vendor', 'vendor'],
  ['gopher', 'gopher'],
  ['2.0.0-v3', '2.0.0-v3'],
  ['v1.2.3+incompatible', '1.2.3%2Bincompatible'],
])('the version %s is %s in the name of a module', (version, plain) => {
  const document = vexDocument(release([{ ...finding, package: 'example.com/a b/c', version }]));
  expect(document?.statements[0]?.products[0]?.subcomponents).toEqual([
    { '@id': `pkg:golang/example.com/a%20b/c@v${plain}` },
    { '@id': `pkg:golang/example.com/a%20b/c@${plain}` },
  ]);
});

test('a statement has the first CVE as its name, then the other ones, then other IDs', () => {
  const aliases = ['GO-2024-3333', 'CVE-2024-45338', 'CVE-2024-0001', 'GHSA-2222-2222-2222'];
  expect(vexDocument(release([{ ...finding, aliases }]))?.statements[0]?.vulnerability).toEqual({
    name: 'CVE-2024-0001',
    aliases: ['CVE-2024-45338', 'GHSA-2222-2222-2222', 'GHSA-w32m-9786-jp63', 'GO-2024-3333'],
  });
  const own = { ...finding, id: 'GO-2024-3333', aliases: ['GO-2024-2222'] };
  expect(vexDocument(release([own]))?.statements[0]?.vulnerability).toEqual({
    name: 'GO-2024-2222',
    aliases: ['GO-2024-3333'],
  });
});

test('an image of one platform is named once, and each tool that follows calls is named', () => {
  const { image: released, ...rest } = release([finding]);
  const document = vexDocument({
    ...rest,
    image: { ...released, platforms: { 'linux/amd64': image } },
    tools: [
      { name: 'govulncheck', version: 'v1.9.0' },
      { name: 'govulncheck', version: 'v1.8.0' },
    ],
  });
  expect(document?.statements[0]?.products).toHaveLength(1);
  expect(document?.tooling).toBe('govulncheck v1.9.0, govulncheck v1.8.0');
});

test('the statements of a document are sorted', () => {
  const findings = ['CVE-2026-0003', 'CVE-2026-0001', 'CVE-2026-0002'].map((id) => ({ ...finding, id, aliases: [] }));
  expect(vexDocument(release(findings))?.statements.map(({ vulnerability }) => vulnerability.name)).toEqual([
    'CVE-2026-0001',
    'CVE-2026-0002',
    'CVE-2026-0003',
  ]);
});

test('the type of the document is that of the specification', () => {
  expect(openVexType).toBe('https://openvex.dev/ns/v0.2.0');
});

test('the images of a statement are sorted', () => {
  const { image: released, ...rest } = release([finding]);
  const document = vexDocument({
    ...rest,
    image: { ...released, digest: platformImage, platforms: { 'linux/amd64': otherImage, 'linux/arm64': image } },
  });
  expect(document?.statements[0]?.products.map(({ hashes }) => `sha256:${hashes['sha-256']}`)).toEqual([
    image,
    otherImage,
    platformImage,
  ]);
});

test('a CVE is the name also where another ID is before it by text', () => {
  const other = { ...finding, id: 'BIT-net-2024', aliases: ['CVE-2024-45338', 'ALAS-1'] };
  expect(vexDocument(release([other]))?.statements[0]?.vulnerability).toEqual({
    name: 'CVE-2024-45338',
    aliases: ['ALAS-1', 'BIT-net-2024'],
  });
});
