import { parseReleaseFile, releasedDigest, serializeReleaseFile } from '../../lib/ledger';
import { digestNamed, releaseOf } from './fixtures';

const release = {
  ...releaseOf('hello', 'dev', 'one'),
  source: { ...releaseOf('hello', 'dev', 'one').source, ref: 'refs/heads/main' },
};
const { evidence, source } = release;
const parse = (changes: object) => parseReleaseFile(JSON.stringify({ ...release, ...changes }));

test('a release file survives a round trip', () => {
  const full = { ...release, evidence: { ...evidence, scannedAt: '2026-11-30T01:50:44Z' } };
  expect(parseReleaseFile(serializeReleaseFile(full))).toEqual(full);
  expect(releasedDigest(full)).toBe(digestNamed('one'));
});

test.each([
  ['version', { version: 2 }],
  ['service', { service: undefined }],
  ['environment', { environment: undefined }],
  ['image', { image: 'registry.example/acme/hello:tag' }],
  ['image', { image: [release.image] }],
  ['image', { image: `${release.image}0` }],
  ['source', { source: undefined }],
  ['source', { source: { ...source, other: 1 } }],
  ['source.commit', { source: { ...source, commit: `${source.commit}0` } }],
  ['source.commit', { source: { ...source, commit: `0${source.commit}` } }],
  ['source.commit', { source: { ...source, commit: [source.commit] } }],
  ['source.commit', { source: { ...source, commit: source.commit.slice(1) } }],
  ['source.repository', { source: { ...source, repository: 1 } }],
  ['source.ref', { source: { ...source, ref: 1 } }],
  ['evidence.verdict', { evidence: { ...evidence, verdict: 'blocked' } }],
  ['evidence.verdict', { evidence: { ...evidence, verdict: '' } }],
  ['evidence.signedBy', { evidence: { ...evidence, signedBy: 'sha256:0' } }],
  ['evidence.signedBy', { evidence: { ...evidence, signedBy: [evidence.signedBy] } }],
  ['evidence.signedBy', { evidence: { ...evidence, signedBy: 1 } }],
  ['evidence.platforms.linux/amd64', { evidence: { ...evidence, platforms: { 'linux/amd64': '' } } }],
  ['evidence.sboms.linux/amd64', { evidence: { ...evidence, sboms: { 'linux/amd64': '' } } }],
  ['evidence.databases', { evidence: { ...evidence, databases: undefined } }],
  ['evidence', { evidence: { ...evidence, other: 1 } }],
  ['its root', { other: 1 }],
])('a release file is malformed at %s', (field, changes) => {
  expect(() => parse(changes)).toThrow(`malformed release file at ${field}: `);
});
