import { readGovulncheckReport } from '../../../lib/gate';
import { govulncheckOutput, mainPackage } from '../report-fixtures';

const stream = (...messages: object[]) => govulncheckOutput(messages);
const read = (text: string) => readGovulncheckReport(text, mainPackage);

const finding = (frame: object) => ({
  finding: { osv: 'GO-1', fixed_version: 'v2', trace: [{ module: 'm', version: 'v1', ...frame }] },
});

test('govulncheck: an advisory alone is not a finding', () => {
  expect(read(stream({ osv: { id: 'GO-1' } }))).toMatchObject({ ok: true, observations: [] });
});

test('govulncheck: a finding is reachable only if its trace starts with a function', () => {
  expect(read(stream(finding({})))).toMatchObject({ observations: [{ reachable: false }] });
  expect(read(stream(finding({}), finding({ package: 'm/p', function: 'F' }), finding({})))).toMatchObject({
    observations: [{ id: 'GO-1', reachable: true, fixedIn: 'v2' }],
  });
});

test.each([
  ['nothing', '', 'empty-report'],
  ['a stream without its start', JSON.stringify({ progress: {} }), 'truncated-report'],
  ['a cut-off stream', stream({ finding: { osv: 'x', trace: [{ module: 'm' }] } }).slice(0, -3), 'unreadable-report'],
  ['a scan of modules', govulncheckOutput([], { scan_level: 'module' }), 'shallow-scan'],
  [
    'a scan of packages that finds a vulnerable one',
    govulncheckOutput([finding({}), finding({ package: 'm/p' })], { scan_level: 'package' }),
    'shallow-scan',
  ],
  ['a scan of a binary', govulncheckOutput([], { scan_mode: 'binary' }), 'shallow-scan'],
  ['a scan that does not say its mode', govulncheckOutput([], { scan_mode: undefined }), 'unreadable-report'],
  ['a scan of another program', stream().replace(mainPackage, 'example.com/hello/cmd/other'), 'other-program'],
  ['a scan of a second program', stream({ SBOM: { roots: ['example.com/other'] } }), 'other-program'],
  ['a scan of no program', stream().replace(`["${mainPackage}"]`, '[]'), 'other-program'],
  [
    'a scan that ended before it checked the code',
    stream().replace('Checking the code', 'Fetching'),
    'truncated-report',
  ],
  ['a scan without a module', stream().replace('[{"path":"example.com/hello"}]', '[]'), 'vacuous-scan'],
])('govulncheck: rejects %s', (_, text, code) => {
  expect(read(text)).toMatchObject({ ok: false, scanner: 'govulncheck', code });
});

test('govulncheck: a scan of packages is enough where the program imports no vulnerable package', () => {
  const text = govulncheckOutput([finding({})], { scan_level: 'package' });
  expect(read(text)).toMatchObject({ ok: true, observations: [{ id: 'GO-1', reachable: false }] });
});

test('govulncheck: a finding has the module, its version, the fix, and the IDs of its advisory', () => {
  const osv = { osv: { id: 'GO-2024-3333', aliases: ['CVE-2024-45338', 'GHSA-w32m-9786-jp63', 'BIT-golang-1'] } };
  const found = {
    finding: {
      osv: 'GO-2024-3333',
      fixed_version: 'v0.33.0',
      trace: [
        { module: 'golang.org/x/net', version: 'v0.32.0', package: 'golang.org/x/net/html', function: 'Parse' },
        { module: 'example.com/hello', version: 'v1.0.0' },
      ],
    },
  };
  expect(read(stream(osv, { osv: { id: 'GO-2024-1111' } }, found))).toEqual({
    ok: true,
    scanner: 'govulncheck',
    database: { builtAt: '2026-11-20T20:00:00Z' },
    observations: [
      {
        id: 'GO-2024-3333',
        aliases: ['CVE-2024-45338', 'GHSA-w32m-9786-jp63'],
        package: 'golang.org/x/net',
        version: 'v0.32.0',
        severity: 'unknown',
        fixedIn: 'v0.33.0',
        source: 'govulncheck',
        reachable: true,
      },
    ],
  });
});

test('govulncheck: a finding whose advisory is not in the stream, without a version, a fix and a time, is one', () => {
  const text = govulncheckOutput([{ finding: { osv: 'GO-1', trace: [{ module: 'm' }] } }], {
    db_last_modified: undefined,
  });
  expect(read(text)).toMatchObject({
    database: { builtAt: '' },
    observations: [{ id: 'GO-1', aliases: [], package: 'm', version: '', fixedIn: undefined, reachable: false }],
  });
});

test('govulncheck: an advisory counts once for each module, and a call counts whatever comes after it', () => {
  const on = (osv: string, module: string, more: object = {}) => ({ finding: { osv, trace: [{ module, ...more }] } });
  const called = { package: 'a/p', function: 'F' };
  const text = stream(on('GO-1', 'a'), on('GO-1', 'b'), on('GO-2', 'a'), on('GO-1', 'a', called), on('GO-1', 'a'));
  const report = read(text);
  expect(report.ok ? report.observations.map((each) => [each.id, each.package, each.reachable]) : report).toEqual([
    ['GO-1', 'a', true],
    ['GO-1', 'b', false],
    ['GO-2', 'a', false],
  ]);
});

test('govulncheck: braces and quotes in texts end no message', () => {
  const aliases = ['CVE-2024-45338'];
  for (const text of ['}', '{', '"', '\\', '\\"}', '{"a":"}"}', '"{\\']) {
    const osv = { osv: { id: 'GO-1', details: text, aliases } };
    expect([text, read(stream(osv, finding({})))]).toMatchObject([text, { ok: true, observations: [{ aliases }] }]);
    expect(read(`${stream(finding({}))}{"progress":{"message":${JSON.stringify(text).slice(0, -1)}`)).toMatchObject({
      code: 'unreadable-report',
    });
  }
});

test('govulncheck: messages follow each other with anything between them, and have parts', () => {
  expect(read(stream(finding({})).replaceAll('\n', ''))).toMatchObject({ ok: true, observations: [{ id: 'GO-1' }] });
  expect(read(stream(finding({})).replaceAll('\n', '\n\n'))).toMatchObject({ ok: true });
});

test.each([
  ['a brace too many at the start', `}${stream()}`],
  ['a brace too many at the end', `${stream()}}`],
  ['an open brace', `${stream()}{`],
  ['an open text', `${stream()}"`],
  ['an open text in a message', `${stream()}{"`],
])('govulncheck: rejects %s', (_, text) => {
  expect(read(text)).toMatchObject({ ok: false, code: 'unreadable-report' });
});

test.each([
  ['a finding with a function but no package', { function: 'F' }],
  ['a finding with a package', { package: 'm/p' }],
])('govulncheck: a scan of packages with %s is not enough', (_, frame) => {
  expect(read(govulncheckOutput([finding(frame)], { scan_level: 'package' }))).toMatchObject({ code: 'shallow-scan' });
});

test('govulncheck: a scan of packages without findings is enough', () => {
  expect(read(govulncheckOutput([], { scan_level: 'package' }))).toMatchObject({ ok: true, observations: [] });
});

test.each([
  ['without modules', stream().replace('"modules":[{"path":"example.com/hello"}],', ''), 'vacuous-scan'],
  ['without an SBOM', stream().replace('"SBOM"', '"other"'), 'vacuous-scan'],
  ['without roots', stream().replace(/,"roots":\[[^\]]*\]/, ''), 'other-program'],
  ['whose progress has no message', stream().replace('"message"', '"other"'), 'truncated-report'],
  ['whose progress is about something else', stream().replace('"Checking', '"Not Checking'), 'truncated-report'],
  ['whose finding has no trace', stream({ finding: { osv: 'GO-1', trace: [] } }), 'unreadable-report'],
])('govulncheck: rejects a stream %s', (_, text, code) => {
  expect(read(text)).toMatchObject({ ok: false, code });
});

test('govulncheck: the message about another program names what was found', () => {
  expect(read(stream({ SBOM: { roots: ['example.com/other'] } }))).toMatchObject({
    message: `expected govulncheck to follow the calls of ${mainPackage}, found ${mainPackage}, example.com/other`,
  });
  expect(read(stream().replace(`["${mainPackage}"]`, '[]'))).toMatchObject({
    message: expect.stringMatching(/found no program$/),
  });
});
