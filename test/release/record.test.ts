import fc from 'fast-check';
import { BowlineError } from '../../lib/errors';
import { type Built, readRecord, recordVersion, requireStage, type Scanned, writeRecord } from '../../lib/release';
import { branchRef, type CommitSha, type Digest, digestOf, type ImageRepository, instantOf } from '../../lib/values';

const built: Built = {
  version: recordVersion,
  stage: 'built',
  service: 'hello',
  source: { repository: 'acme/hello', commit: 'c'.repeat(40) as CommitSha, ref: branchRef('main') },
  image: {
    repository: 'registry.example/acme/hello' as ImageRepository,
    digest: digestOf('index'),
    platforms: { 'linux/amd64': digestOf('amd64') },
    tag: 'c-d',
  },
  binaries: [],
};

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof BowlineError ? error.code : `not a BowlineError: ${error}`;
  }
};

test('a record survives a round trip', () => {
  const { text, sha256 } = writeRecord(built);
  expect(readRecord(text, sha256)).toEqual(built);
});

test('a record has what the first start found, and records of earlier versions have nothing of it', () => {
  const start = {
    outcome: 'started' as const,
    platforms: { 'linux/amd64': 'started' as const },
    warnings: [{ code: 'ignores-sigterm', message: 'the program ignores SIGTERM' }],
  };
  const { text, sha256 } = writeRecord({ ...built, start });
  expect(readRecord(text, sha256)).toEqual({ ...built, start });
  expect(writeRecord(built).text).not.toContain('start');
  const withSeconds = JSON.stringify({ ...built, start: { ...start, seconds: 0.1 } });
  expect(codeOf(() => readRecord(withSeconds, digestOf(withSeconds)))).toBe('record-malformed');
});

test('a single changed character is detected', () => {
  const { text, sha256 } = writeRecord(built);
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (index, character) => {
      fc.pre(text[index] !== character);
      expect(codeOf(() => readRecord(text.slice(0, index) + character + text.slice(index + 1), sha256))).toBe(
        'record-altered',
      );
    }),
  );
});

test('a text with the right digest that is not a record is rejected', () => {
  for (const text of [
    '',
    '{}',
    '[]',
    JSON.stringify({ ...built, stage: 'scanned' }),
    JSON.stringify({ ...built, extra: 1 }),
  ]) {
    expect(codeOf(() => readRecord(text, digestOf(text)))).toBe('record-malformed');
  }
});

test('a step before its required stage is rejected', () => {
  expect(codeOf(() => requireStage(built, 'scanned'))).toBe('record-too-early');
  expect(codeOf(() => requireStage(built, 'signed'))).toBe('record-too-early');
});

test('the digest of another record is rejected', () => {
  const { text } = writeRecord(built);
  expect(codeOf(() => readRecord(text, `sha256:${'0'.repeat(64)}` as Digest))).toBe('record-altered');
});

const scanned: Scanned = {
  ...built,
  stage: 'scanned',
  scannedAt: instantOf(new Date('2026-11-30T01:50:44.123Z')),
  tools: [{ name: 'syft', version: 'v1.2.3' }],
  sboms: { 'linux/amd64': { digest: digestOf('sbom'), components: 3 } },
  binarySboms: {},
  moduleFiles: { 'go.sum': digestOf('go.sum') },
  verdict: { outcome: 'passed', reasons: [], findings: [], databases: [], policy: digestOf('policy') },
};
const readText = (value: unknown) => {
  const text = JSON.stringify(value);
  return codeOf(() => readRecord(text, digestOf(text)));
};

test('a record of a former version says that the pipeline must run again', () => {
  expect(readText({ ...built, version: 1 })).toBe('record-outdated');
  expect(readText({ version: 3 })).toBe('record-outdated');
});

test('a scan is recorded with its time, its tools, and an SBOM of each platform', () => {
  expect(readText(scanned)).toBeUndefined();
  for (const field of ['scannedAt', 'tools', 'sboms', 'binarySboms', 'moduleFiles'] as const) {
    const { [field]: _, ...without } = scanned;
    expect(readText(without)).toBe('record-malformed');
  }
});

const two = { ...built.image.platforms, 'linux/arm64': digestOf('arm64') };
const binary = { platform: 'windows/amd64', file: 'hello-windows-amd64.exe', digest: digestOf('exe') };

test.each<readonly [string, unknown]>([
  ['a platform that is a path', { ...built, image: { ...built.image, platforms: { 'linux/x/../..': digestOf('x') } } }],
  [
    'a platform that images do not have',
    { ...built, image: { ...built.image, platforms: { 'windows/amd64': digestOf('x') } } },
  ],
  ['no platform', { ...built, image: { ...built.image, platforms: {} } }],
  ['a service that is a path', { ...built, service: '../hello' }],
  ['a source without a ref', { ...built, source: { ...built.source, ref: undefined } }],
  ['the short name of a branch', { ...built, source: { ...built.source, ref: 'main' } }],
  ['a ref with ..', { ...built, source: { ...built.source, ref: 'refs/heads/../main' } }],
  ['a source repository with a space', { ...built, source: { ...built.source, repository: 'acme/hello evil' } }],
  ['a tag that is a path', { ...built, image: { ...built.image, tag: '../x' } }],
  [
    'a first start on another platform',
    { ...built, start: { outcome: 'started', platforms: { x: 'started' }, warnings: [] } },
  ],
  ['a binary that is a path', { ...built, binaries: [{ ...binary, file: '../hello-windows-amd64.exe' }] }],
  ['a binary of another platform', { ...built, binaries: [{ ...binary, platform: 'linux/arm64' }] }],
  ['a binary of another service', { ...built, binaries: [{ ...binary, file: 'shop-windows-amd64.exe' }] }],
  ['a binary twice', { ...built, binaries: [binary, { ...binary, digest: digestOf('other') }] }],
  ['a time with a fraction', { ...scanned, scannedAt: '2026-11-30T01:50:44.5Z' }],
  ['a day that does not exist', { ...scanned, scannedAt: '2026-02-30T01:50:44Z' }],
  ['no tools', { ...scanned, tools: [] }],
  ['a tool without a version', { ...scanned, tools: [{ name: 'syft', version: '' }] }],
  ['a platform without an SBOM', { ...scanned, image: { ...scanned.image, platforms: two } }],
  [
    'an SBOM without a platform',
    { ...scanned, sboms: { ...scanned.sboms, 'linux/arm64': { digest: digestOf('x'), components: 1 } } },
  ],
  ['a module file outside of the source', { ...scanned, moduleFiles: { 'api/../../go.sum': digestOf('x') } }],
  [
    'an SBOM of an unknown binary',
    { ...scanned, binarySboms: { [binary.file]: { digest: digestOf('x'), components: 1 } } },
  ],
])('a record with %s is malformed', (_, record) => {
  expect(readText(record)).toBe('record-malformed');
});

test('a record has binaries for platforms of their own, each with an SBOM', () => {
  const binarySboms = { [binary.file]: { digest: digestOf('x'), components: 1 } };
  expect(readText({ ...scanned, binaries: [binary], binarySboms })).toBeUndefined();
});
