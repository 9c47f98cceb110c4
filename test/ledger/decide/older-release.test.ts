import { parseReleaseFile, type ReleaseFile, serializeReleaseFile } from '../../../lib/ledger';
import { refuseOlderRelease } from '../../../lib/ledger/decide/older-release';
import { releaseOf } from '../fixtures';

const scannedAt = (name: string, time?: string): ReleaseFile => {
  const release = releaseOf('hello', 'prod', name);
  return time === undefined ? release : { ...release, evidence: { ...release.evidence, scannedAt: time } };
};
const noon = '2026-11-30T12:00:00Z';

test('a release that was scanned before the running one is refused, and the reason names the command that goes back', () => {
  const refusal = refuseOlderRelease(scannedAt('one', '2026-11-30T11:59:59Z'), scannedAt('two', noon));
  expect(refusal).toMatchObject({ kind: 'refuse', code: 'older-release' });
  expect(refusal?.reason).toContain('bowline rollback hello --env prod --to sha256:');
});

test('a release without a time is refused over one that has a time', () => {
  expect(refuseOlderRelease(scannedAt('one'), scannedAt('two', noon))).toMatchObject({ code: 'older-release' });
});

test.each<readonly [string, ReleaseFile, ReleaseFile | undefined]>([
  ['the first release', scannedAt('one', noon), undefined],
  ['a later release', scannedAt('two', '2026-11-30T12:00:01Z'), scannedAt('one', noon)],
  ['a release of the same second', scannedAt('two', noon), scannedAt('one', noon)],
  ['an earlier image that was scanned again', scannedAt('one', '2026-12-01T00:00:00Z'), scannedAt('two', noon)],
  ['the same image', scannedAt('one', '2026-11-30T11:00:00Z'), scannedAt('one', noon)],
  ['any release over one of a former version', scannedAt('two', noon), scannedAt('one')],
])('%s is promoted', (_, release, previous) => {
  expect(refuseOlderRelease(release, previous)).toBeUndefined();
});

test('a release file keeps the time of the scan', () => {
  const release = scannedAt('one', noon);
  expect(parseReleaseFile(serializeReleaseFile(release))).toEqual(release);
});
