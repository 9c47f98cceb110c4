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
  expect(read(text)).toMatchObject({ ok: false, code });
});
