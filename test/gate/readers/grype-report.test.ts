import { readGrypeReport } from '../../../lib/gate';
import { grypeOutput, grypeSubject, image, otherImage } from '../report-fixtures';

const read = (text: string) => readGrypeReport(text, grypeSubject);
const descriptor = (changes: object) => ({ ...JSON.parse(grypeOutput()).descriptor, ...changes });

test('accepts a report on this image', () => {
  expect(read(grypeOutput())).toEqual({
    ok: true,
    scanner: 'grype',
    database: { builtAt: '2026-11-24T00:00:00Z' },
    observations: [],
  });
});

test('accepts a report on this binary', () => {
  const name = 'hello-windows-amd64.exe';
  const text = grypeOutput({ source: { type: 'file', target: name } });
  expect(readGrypeReport(text, { kind: 'binary', name })).toMatchObject({ ok: true });
  expect(readGrypeReport(text, { kind: 'binary', name: 'hello-linux-arm' })).toMatchObject({ code: 'other-image' });
});

test.each([
  ['an empty report', '', 'empty-report'],
  ['{}', '{}', 'unreadable-report'],
  ['a cut-off report', grypeOutput().slice(0, 20), 'unreadable-report'],
  ['a report without matches', grypeOutput({ matches: undefined }), 'unreadable-report'],
  ['a report that does not say what it is about', grypeOutput({ source: undefined }), 'unreadable-report'],
  ['a report of another tool', grypeOutput({ descriptor: descriptor({ name: 'trivy' }) }), 'unreadable-report'],
  [
    'a report without its settings',
    grypeOutput({ descriptor: descriptor({ configuration: undefined }) }),
    'unreadable-report',
  ],
  [
    'an invalid database',
    grypeOutput({ descriptor: descriptor({ db: { status: { built: 'x', valid: false } } }) }),
    'invalid-database',
  ],
  [
    'a report on another image',
    grypeOutput({ source: { type: 'image', target: { manifestDigest: otherImage } } }),
    'other-image',
  ],
  [
    'a report on an image without a digest',
    grypeOutput({ source: { type: 'image', target: {} } }),
    'unreadable-report',
  ],
  ['a report on a folder', grypeOutput({ source: { type: 'directory', target: '/source' } }), 'other-image'],
  [
    'a report on a file with the name of the digest',
    grypeOutput({ source: { type: 'file', target: image } }),
    'other-image',
  ],
  [
    'an ignored match',
    grypeOutput({ ignoredMatches: [{ vulnerability: { id: 'CVE-2026-0001' }, appliedIgnoreRules: [{}] }] }),
    'ignored-findings',
  ],
  ['an ignore rule', grypeOutput({}, { ignore: [{ package: { name: '', type: 'go-module' } }] }), 'ignored-findings'],
  ['excluded paths', grypeOutput({}, { exclude: ['/hello'] }), 'ignored-findings'],
  ['a VEX document', grypeOutput({}, { 'vex-documents': ['vex.json'] }), 'ignored-findings'],
  ['fixed findings only', grypeOutput({}, { 'only-fixed': true }), 'ignored-findings'],
  ['findings without a fix only', grypeOutput({}, { 'only-notfixed': true }), 'ignored-findings'],
  ['ignored states', grypeOutput({}, { 'ignore-wontfix': 'wont-fix' }), 'ignored-findings'],
])('rejects %s', (_, text, code) => {
  expect(read(text)).toMatchObject({ ok: false, scanner: 'grype', code });
});

const match = (vulnerability: object = {}, relatedVulnerabilities: unknown = undefined) => ({
  vulnerability: { id: 'GHSA-w32m-9786-jp63', severity: 'High', ...vulnerability },
  relatedVulnerabilities,
  artifact: { name: 'golang.org/x/net', version: 'v0.32.0' },
});
const observationsOf = (...matches: readonly object[]) => {
  const report = read(grypeOutput({ matches }));
  return report.ok ? report.observations : report;
};

test('reads the package, the severity, the fix and the other IDs of each match', () => {
  expect(
    observationsOf(
      match({ fix: { versions: ['0.33.0', '0.34.0'], state: 'fixed' } }, [
        { id: 'CVE-2024-45338' },
        { id: 'GHSA-w32m-9786-jp63' },
        { id: 'DSA-5764-1' },
      ]),
      match({ id: 'CVE-2026-0001', severity: 'Negligible' }),
    ),
  ).toEqual([
    {
      id: 'GHSA-w32m-9786-jp63',
      aliases: ['CVE-2024-45338'],
      package: 'golang.org/x/net',
      version: 'v0.32.0',
      severity: 'high',
      fixedIn: '0.33.0',
      source: 'grype',
      reachable: false,
    },
    {
      id: 'CVE-2026-0001',
      aliases: [],
      package: 'golang.org/x/net',
      version: 'v0.32.0',
      severity: 'negligible',
      fixedIn: undefined,
      source: 'grype',
      reachable: false,
    },
  ]);
});

test.each([
  ['Critical', 'critical'],
  ['High', 'high'],
  ['MEDIUM', 'medium'],
  ['low', 'low'],
  ['Negligible', 'negligible'],
  ['Unknown', 'unknown'],
  ['', 'unknown'],
  [undefined, 'unknown'],
])('the severity %s is %s', (severity, expected) => {
  expect(observationsOf(match({ severity }))).toMatchObject([{ severity: expected }]);
});

test.each([{ fix: undefined }, { fix: { versions: null } }, { fix: { versions: [] } }, { fix: {} }])(
  'a match with %j has no fix',
  (changes) => {
    expect(observationsOf(match(changes, null))).toMatchObject([{ aliases: [], fixedIn: undefined }]);
  },
);

test('the rules that grype has by itself leave nothing out that runs', () => {
  const names = ['kernel-headers', 'linux(-.*)?-headers-.*', 'linux-libc-dev', 'linux-kbuild-.*'];
  const rules = (list: readonly string[]) => list.map((name) => ({ package: { name } }));
  for (const ignore of [null, [], rules(names)]) {
    expect(read(grypeOutput({ ignoredMatches: [] }, { ignore, exclude: null, 'vex-documents': null }))).toMatchObject({
      ok: true,
    });
  }
  expect(read(grypeOutput({}, { ignore: rules([...names, 'openssl']) }))).toMatchObject({ code: 'ignored-findings' });
});

test('names every setting that leaves something out', () => {
  const report = read(
    grypeOutput(
      {},
      {
        ignore: [{ package: { name: 'openssl' } }],
        exclude: ['/hello'],
        'vex-documents': ['vex.json'],
        'only-fixed': true,
        'only-notfixed': true,
        'ignore-wontfix': 'wont-fix',
      },
    ),
  );
  expect(report).toMatchObject({
    message:
      'expected settings of grype that leave nothing out, found ignore rules, exclude, vex-documents, only-fixed, only-notfixed, ignore-wontfix',
  });
});

const binary = { kind: 'binary', name: 'hello-linux-arm' } as const;
test.each<readonly [string, Parameters<typeof readGrypeReport>[1], object, string]>([
  ['an image', grypeSubject, { type: 'image', target: { manifestDigest: otherImage } }, otherImage],
  ['an image', grypeSubject, { type: 'file', target: image }, 'file'],
  ['a binary', binary, { type: 'file', target: 'hello-linux-amd64' }, 'hello-linux-amd64'],
  ['a binary', binary, { type: 'directory', target: binary.name }, 'directory'],
])('where %s is expected, the message names what a report on something else is about', (_, subject, source, found) => {
  expect(readGrypeReport(grypeOutput({ source }), subject)).toMatchObject({
    code: 'other-image',
    message: expect.stringMatching(new RegExp(`found one on ${found}$`)),
  });
});
