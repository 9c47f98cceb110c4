import fc from 'fast-check';
import {
  canonicalJson,
  commitSha,
  digest,
  digestOf,
  durationSeconds,
  imageReference,
  imageRepository,
  memoryBytes,
  milliCores,
  parseImageReference,
} from '../../lib/values';

const hash = `sha256:${'0123456789abcdef'.repeat(4)}`;

test('a digest is exactly "sha256:" and 64 hexadecimal digits', () => {
  expect(digest(hash)).toBe(hash);
  for (const text of ['', 'latest', hash.toUpperCase(), `${hash}0`, hash.slice(1), `${hash}\n`, 'sha512:00']) {
    expect(() => digest(text)).toThrow(/64 hexadecimal digits/);
  }
});

test('an image without a digest is not a reference', () => {
  for (const text of [
    'repo',
    'registry/repo:latest',
    'registry/repo@latest',
    `registry/repo@${hash}@${hash}`,
    `@${hash}`,
    `UPPER/repo@${hash}`,
    `--flag/repo@${hash}`,
  ]) {
    expect(() => parseImageReference(text)).toThrow();
  }
});

test('a tag in addition to the digest is dropped', () => {
  expect(parseImageReference(`127.0.0.1:5510/acme/hello:v1@${hash}`)).toEqual({
    repository: '127.0.0.1:5510/acme/hello',
    digest: hash,
  });
});

test('a reference parses to its repository and digest', () => {
  const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  fc.assert(
    fc.property(part, fc.array(part, { minLength: 1, maxLength: 3 }), fc.string(), (host, path, content) => {
      const repository = imageRepository(`${host}.example/${path.join('/')}`);
      expect(parseImageReference(imageReference(repository, digestOf(content)))).toEqual({
        repository,
        digest: digestOf(content),
      });
    }),
  );
});

test('a commit is a full hash', () => {
  expect(() => commitSha('main')).toThrow(/40 hexadecimal digits/);
  expect(() => commitSha('a'.repeat(39))).toThrow();
});

test.each([
  ['500ms', 0.5],
  ['20s', 20],
  ['2m', 120],
  ['1h', 3600],
  ['5d', 432_000],
])('%s is %d seconds', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});

test.each(['', '5', '1.5s', '-1s', '0s', '1 s', '1w'])('%j is not a duration', (text) => {
  expect(() => durationSeconds(text)).toThrow(/a duration must be/);
});

test('memory converts to bytes and CPU to millicores', () => {
  expect(memoryBytes('512Mi')).toBe(536_870_912);
  expect(milliCores('250m')).toBe(250);
  expect(milliCores('1.5')).toBe(1500);
  expect(() => memoryBytes('2Gb')).toThrow(/Ki, Mi or Gi/);
});

test('canonical JSON does not depend on the insertion order of keys', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        fc.jsonValue(),
      ),
      (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      },
    ),
  );
});
