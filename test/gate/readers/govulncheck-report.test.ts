import { readGovulncheckReport } from '../../../lib/gate';

const stream = (...messages: object[]) =>
  [
    { config: { scanner_name: 'govulncheck', scan_level: 'symbol', db_last_modified: '2026-11-01T00:00:00Z' } },
    { SBOM: { modules: [{ path: 'a' }] } },
    ...messages,
  ]
    .map((message) => JSON.stringify(message))
    .join('\n');

test('govulncheck: an advisory alone is not a finding', () => {
  expect(readGovulncheckReport(stream({ osv: { id: 'GO-1' } }))).toMatchObject({ ok: true, observations: [] });
});

test('govulncheck: a finding is reachable only if its trace starts with a function', () => {
  const finding = (frame: object) => ({
    finding: { osv: 'GO-1', fixed_version: 'v2', trace: [{ module: 'm', version: 'v1', ...frame }] },
  });
  expect(readGovulncheckReport(stream(finding({})))).toMatchObject({ observations: [{ reachable: false }] });
  expect(
    readGovulncheckReport(stream(finding({}), finding({ package: 'm/p', function: 'F' }), finding({}))),
  ).toMatchObject({ observations: [{ id: 'GO-1', reachable: true, fixedIn: 'v2' }] });
});

test.each([
  ['nothing', '', 'empty-report'],
  ['a stream without its start', JSON.stringify({ progress: {} }), 'truncated-report'],
  ['a cut-off stream', stream({ finding: { osv: 'x', trace: [{ module: 'm' }] } }).slice(0, -3), 'unreadable-report'],
  ['a scan that did not follow calls', stream().replace('symbol', 'module'), 'shallow-scan'],
  ['a scan without a module', stream().replace('[{"path":"a"}]', '[]'), 'vacuous-scan'],
])('govulncheck: rejects %s', (_, text, code) => {
  expect(readGovulncheckReport(text)).toMatchObject({ ok: false, code });
});
