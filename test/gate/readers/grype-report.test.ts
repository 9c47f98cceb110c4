import { readGrypeReport } from '../../../lib/gate';

const grype = (changes: object = {}) =>
  JSON.stringify({
    matches: [],
    descriptor: { name: 'grype', db: { status: { built: '2026-11-24T00:00:00Z', valid: true } } },
    ...changes,
  });

test.each([
  ['an empty report', '', 'empty-report'],
  ['a cut-off report', grype().slice(0, 20), 'unreadable-report'],
  ['a report without matches', JSON.stringify({ descriptor: {} }), 'unreadable-report'],
  ['a report of another tool', grype({ descriptor: { name: 'trivy' } }), 'unreadable-report'],
  [
    'an invalid database',
    grype({ descriptor: { name: 'grype', db: { status: { built: 'x', valid: false } } } }),
    'invalid-database',
  ],
])('grype: rejects %s', (_, text, code) => {
  expect(readGrypeReport(text)).toMatchObject({ ok: false, code });
});
