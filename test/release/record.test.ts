import fc from 'fast-check';
import { BowlineError } from '../../lib/errors';
import { type Built, readRecord, requireStage, writeRecord } from '../../lib/release';
import { type CommitSha, type Digest, digestOf, type ImageRepository } from '../../lib/values';

const built: Built = {
  version: 1,
  stage: 'built',
  service: 'hello',
  source: { repository: 'acme/hello', commit: 'c'.repeat(40) as CommitSha },
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
