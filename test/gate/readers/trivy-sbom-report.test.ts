import fc from 'fast-check';
import { readTrivySbomReport, type Sbom } from '../../../lib/gate';
import { image } from '../report-fixtures';

const builtAt = '2026-11-24T00:00:00Z';
const component = (name: string, purl?: string) => ({
  type: 'library',
  name,
  version: purl?.match(/@([^?#]*)/)?.[1],
  ...(purl === undefined ? {} : { purl }),
});
const sbom = (components: Sbom['components']): Sbom => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { component: { type: 'container', name: 'hello', version: image } },
  components,
});
const components = [
  component('stdlib', 'pkg:golang/stdlib@1.26.5'),
  component('golang.org/x/net', 'pkg:golang/golang.org/x/net@v0.32.0'),
  component('tzdata', 'pkg:deb/debian/tzdata@2026a?distro=debian-13'),
  component('/hello'),
];
const scan = { file: '/scratch/a.cdx.json', sbom: sbom(components), builtAt };
const vulnerability = {
  VulnerabilityID: 'CVE-2024-45338',
  VendorIDs: ['GHSA-w32m-9786-jp63'],
  PkgName: 'golang.org/x/net',
  InstalledVersion: 'v0.32.0',
  FixedVersion: '0.33.0',
  Severity: 'HIGH',
};
/** A package in the output of trivy 0.74.0. */
const listed = (name: string, purl: string) => ({ Name: name, Identifier: { PURL: purl, UID: '9d73481b62b7cef5' } });
const goModules = {
  Target: '',
  Type: 'gobinary',
  Packages: [
    listed('stdlib', 'pkg:golang/stdlib@1.26.5'),
    listed('golang.org/x/net', 'pkg:golang/golang.org/x/net@v0.32.0'),
  ],
  Vulnerabilities: [vulnerability],
};
const debian = {
  Target: 'debian 13',
  Type: 'debian',
  Packages: [listed('tzdata', 'pkg:deb/debian/tzdata@2026a?distro=debian-13')],
};
const report = (changes: object = {}) =>
  JSON.stringify({
    SchemaVersion: 2,
    ArtifactType: 'cyclonedx',
    ArtifactName: scan.file,
    Results: [goModules, debian],
    ...changes,
  });

test('reads the findings of all packages of the SBOM', () => {
  expect(readTrivySbomReport(report(), scan)).toEqual({
    ok: true,
    scanner: 'trivy',
    database: { builtAt },
    observations: [
      {
        id: 'CVE-2024-45338',
        aliases: ['GHSA-w32m-9786-jp63'],
        package: 'golang.org/x/net',
        version: 'v0.32.0',
        severity: 'high',
        fixedIn: '0.33.0',
        source: 'trivy',
        reachable: false,
      },
    ],
  });
});

test.each<readonly [string, string, string]>([
  ['nothing', '', 'empty-report'],
  ['half a report', report().slice(0, 100), 'unreadable-report'],
  ['{}', '{}', 'unreadable-report'],
  ['a report on an image', report({ ArtifactType: 'container_image' }), 'unreadable-report'],
  ['a report on another file', report({ ArtifactName: '/scratch/b.cdx.json' }), 'other-image'],
  ['a report without results', report({ Results: undefined }), 'vacuous-report'],
  ['a report without the packages of the distribution', report({ Results: [goModules] }), 'vacuous-report'],
  ['a report without the Go modules', report({ Results: [debian] }), 'vacuous-report'],
  [
    'a report with a suppressed finding',
    report({
      Results: [
        { ...goModules, ExperimentalModifiedFindings: [{ Status: 'ignored', Source: '.trivyignore' }] },
        debian,
      ],
    }),
    'ignored-findings',
  ],
])('%s is inconclusive', (_, text, code) => {
  expect(readTrivySbomReport(text, scan)).toMatchObject({ ok: false, scanner: 'trivy', code });
});

test('names the packages that trivy left out', () => {
  expect(readTrivySbomReport(report({ Results: [goModules] }), scan)).toMatchObject({
    message:
      'expected a report of trivy on every package of the SBOM, found none on tzdata 2026a: trivy does not know them',
  });
});

test('an SBOM without packages proves nothing', () => {
  const empty = { ...scan, sbom: sbom([component('/hello')]) };
  expect(readTrivySbomReport(report({ Results: [] }), empty)).toMatchObject({ ok: false, code: 'vacuous-report' });
});

/** A report of trivy with these packages, about an SBOM of these components. */
const read = (components: Sbom['components'], packages: readonly object[]) =>
  readTrivySbomReport(report({ Results: [{ Packages: packages }] }), { ...scan, sbom: sbom(components) });

test('each version of a module must be there', () => {
  const versions = ['v0.32.0', 'v0.99.0'].map((version) => `pkg:golang/golang.org/x/net@${version}`);
  const both = versions.map((purl) => component('golang.org/x/net', purl));
  const listedBoth = versions.map((purl) => listed('golang.org/x/net', purl));
  expect(read(both, listedBoth)).toMatchObject({ ok: true });
  expect(read(both, listedBoth.slice(0, 1))).toMatchObject({
    code: 'vacuous-report',
    message: expect.stringContaining('found none on golang.org/x/net v0.99.0: '),
  });
});

test('a package of one kind or distribution does not stand for another one of its name', () => {
  const openssl = component('openssl', 'pkg:deb/debian/openssl@1?arch=amd64&distro=hostile-1');
  for (const other of [
    'pkg:golang/openssl@1',
    'pkg:deb/debian/openssl@1?arch=amd64&distro=debian-13',
    'pkg:deb/ubuntu/openssl@1?arch=amd64&distro=hostile-1',
    'pkg:deb/debian/openssl@1',
  ]) {
    expect([other, read([openssl], [listed('openssl', other)])]).toMatchObject([other, { code: 'vacuous-report' }]);
  }
  expect(read([openssl], [{ Name: 'openssl' }])).toMatchObject({ code: 'vacuous-report' });
});

// The SBOM is of syft 1.57.0, the other one is what trivy 0.74.0 makes of it.
test.each<readonly [string, string, string]>([
  [
    'bind9-libs',
    'pkg:deb/debian/bind9-libs@1%3A9.20.11-4%2Bb1?arch=amd64&distro=debian-13&upstream=bind9',
    'pkg:deb/debian/bind9-libs@1:9.20.11-4%2Bb1?arch=amd64&distro=debian-13&upstream=bind9',
  ],
  [
    'libstdc++6',
    'pkg:deb/debian/libstdc%2B%2B6@14.2.0-19~deb13u1?arch=amd64&distro=debian-13&upstream=gcc-14%4014.2.0-19',
    'pkg:deb/debian/libstdc%2B%2B6@14.2.0-19~deb13u1?arch=amd64&distro=debian-13&upstream=gcc-14%4014.2.0-19',
  ],
  [
    'busybox-x',
    'pkg:apk/alpine/busybox-x@1.36.1-r28?arch=x86_64&upstream=busybox&distro=alpine-3.20.1',
    'pkg:apk/alpine/busybox-x@1.36.1-r28?arch=x86_64&distro=alpine-3.20.1&upstream=busybox',
  ],
  [
    'github.com/BurntSushi/toml',
    'pkg:golang/github.com/BurntSushi/toml@v1.6.0',
    'pkg:golang/github.com/burntsushi/toml@v1.6.0',
  ],
  ['stdlib', 'pkg:golang/stdlib@1.26.8-X%3Ajsonv2', 'pkg:golang/stdlib@1.26.8-X:jsonv2'],
  ['m', 'pkg:golang/m@%28devel%29', 'pkg:golang/m@(devel)'],
  ['example.com/hello', 'pkg:golang/example.com/hello', 'pkg:golang/example.com/hello'],
  ['github.com/a/b', 'pkg:golang/github.com/a/b@v1#sub/c', 'pkg:golang/github.com/a/b@v1#sub/c'],
])('knows %s again as trivy writes it', (name, purl, ofTrivy) => {
  expect(read([component(name, purl)], [listed(name, ofTrivy)])).toMatchObject({ ok: true });
});

test('a package of several architectures is one, as for trivy', () => {
  const purl = (architecture: string) => `pkg:deb/debian/openssl@1?arch=${architecture}&distro=debian-13`;
  const both = ['amd64', 'i386'].map((architecture) => component('openssl', purl(architecture)));
  expect(read(both, [listed('openssl', purl('amd64'))])).toMatchObject({ ok: true });
});

test('a package that is missing is always missed, whatever else is there', () => {
  const purl = fc
    .record({
      kind: fc.constantFrom('golang', 'deb/debian', 'apk/alpine', 'rpm/redhat'),
      name: fc.constantFrom('openssl', 'golang.org/x/net', 'net'),
      version: fc.constantFrom('', '@1', '@1%3A1', '@1.1', '@%'),
      distribution: fc.constantFrom('', '?distro=debian-13', '?epoch=1&distro=debian-13'),
    })
    .map(({ kind, name, version, distribution }) => ({ name, purl: `pkg:${kind}/${name}${version}${distribution}` }));
  fc.assert(
    fc.property(fc.uniqueArray(purl, { selector: (each) => each.purl, minLength: 1 }), fc.nat(), (all, index) => {
      const missing = all[index % all.length];
      const packages = all.map((each) => listed(each.name, each.purl));
      const everything = all.map((each) => component(each.name, each.purl));
      expect(read(everything, packages)).toMatchObject({ ok: true });
      expect(
        read(
          everything,
          packages.filter(({ Identifier }) => Identifier.PURL !== missing?.purl),
        ),
      ).toMatchObject({ code: 'vacuous-report' });
    }),
  );
});

test('a name of an SBOM cannot write to the terminal', () => {
  const evil = component('evil\u001b]0;x\u0007\n\npassed', 'pkg:golang/evil@v1');
  expect(read([evil], [])).toMatchObject({
    message: expect.stringContaining('found none on evil\\u{1b}]0;x\\u{7}\\u{a}\\u{a}passed v1: trivy'),
  });
});

test.each(['golang', 'deb/debian', 'apk/alpine', 'rpm/redhat'])('trivy looks up packages of %s', (kind) => {
  const purl = `pkg:${kind}/openssl@1`;
  expect(read([component('openssl', purl)], [listed('openssl', purl)])).toMatchObject({ ok: true });
  expect(read([component('openssl', purl)], [listed('other', purl)])).toMatchObject({ code: 'vacuous-report' });
});

test.each(['pkg:generic/openssl@1', 'pkg:golangs/openssl@1', 'x-pkg:golang/openssl@1', 'pkg:deb'])(
  'trivy does not look up %s, so that it proves nothing and is not missed',
  (purl) => {
    expect(read([component('openssl', purl)], [listed('openssl', purl)])).toMatchObject({
      message: 'expected packages in the SBOM, found none',
    });
    const known = 'pkg:golang/stdlib@1';
    expect(read([component('openssl', purl), component('stdlib', known)], [listed('stdlib', known)])).toMatchObject({
      ok: true,
    });
  },
);

test('a package is known by its name too, and each one that is missing is named once', () => {
  const purls = ['a', 'b', 'a'].map((repository) => `pkg:golang/github.com/acme/hello@v1?repository=${repository}`);
  const both = [component('github.com/Acme/hello', purls[0]), component('github.com/acme/hello', purls[1])];
  expect(read(both, [listed('github.com/acme/hello', purls[1] ?? '')])).toMatchObject({
    message: expect.stringContaining('found none on github.com/Acme/hello v1: '),
  });
  const same = purls.map((purl) => component('m', purl));
  expect(read(same, [])).toMatchObject({ message: expect.stringContaining('found none on m v1: ') });
  const plain = { type: 'library', name: 'm', purl: 'pkg:golang/m' };
  expect(read([plain], [])).toMatchObject({ message: expect.stringContaining('found none on m: ') });
});

test('results without packages and findings count as none, and findings of all results count', () => {
  const other = { ...vulnerability, VulnerabilityID: 'CVE-2026-0002' };
  const Results = [{ Packages: null, Vulnerabilities: null }, goModules, { ...debian, Vulnerabilities: [other] }];
  const result = readTrivySbomReport(report({ Results }), scan);
  expect(result.ok && result.observations.map(({ id }) => id)).toEqual(['CVE-2024-45338', 'CVE-2026-0002']);
  expect(readTrivySbomReport(report({ Results: null }), scan)).toMatchObject({ code: 'vacuous-report' });
});

test.each<readonly [string, object]>([
  ['another version of its format', { SchemaVersion: 1 }],
  ['no file', { ArtifactName: undefined }],
  ['a package without a name', { Results: [{ Packages: [{ Identifier: { PURL: 'pkg:golang/a@v1' } }] }] }],
  ['a package with a URL that is no text', { Results: [{ Packages: [{ Name: 'a', Identifier: { PURL: 3 } }] }] }],
])('a report with %s is unreadable', (_, changes) => {
  expect(readTrivySbomReport(report(changes), scan)).toMatchObject({ code: 'unreadable-report' });
});
