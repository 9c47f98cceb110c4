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

test('a record reads back as it was written', () => {
  const { text, sha256 } = writeRecord(built);
  expect(readRecord(text, sha256)).toEqual(built);
});

test('one changed character is refused, wherever it stands', () => {
  const { text, sha256 } = writeRecord(built);
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
      fc.pre(text[at] !== character);
      expect(codeOf(() => readRecord(text.slice(0, at) + character + text.slice(at + 1), sha256))).toBe(
        'record-altered',
      );
    }),
  );
});

test('a text that hashes right but is no record is refused too', () => {
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

test('a step that comes too early is refused', () => {
  expect(codeOf(() => requireStage(built, 'scanned'))).toBe('record-too-early');
  expect(codeOf(() => requireStage(built, 'signed'))).toBe('record-too-early');
});

test('the digest of another record is not taken', () => {
  const { text } = writeRecord(built);
  expect(codeOf(() => readRecord(text, `sha256:${'0'.repeat(64)}` as Digest))).toBe('record-altered');
});
