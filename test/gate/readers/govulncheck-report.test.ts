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
  expect(read(text)).toMatchObject({ ok: false, code });
});

test('govulncheck: a scan of packages is enough where the program imports no vulnerable package', () => {
  const text = govulncheckOutput([finding({})], { scan_level: 'package' });
  expect(read(text)).toMatchObject({ ok: true, observations: [{ id: 'GO-1', reachable: false }] });
});
