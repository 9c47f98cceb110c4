import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parsePublicKeys, publicKeyDigest, readPublicKeys } from '../../lib/verify';

const publicKeyPem = (namedCurve = 'P-256') =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'pem' }) as string;
const newer = publicKeyPem();
const older = publicKeyPem();

describe('the public key file of a class', () => {
  test('has one key, or several with the newest first', () => {
    expect(parsePublicKeys(newer, 'x.pub')).toEqual([{ pem: newer, digest: publicKeyDigest(newer) }]);
    const text = `# new\n${newer}\n# old, until January\n${older}`;
    expect(parsePublicKeys(text, 'x.pub').map(({ pem }) => pem)).toEqual([newer, older]);
    expect(parsePublicKeys(text.replaceAll('\n', '\r\n'), 'x.pub').map(({ pem }) => pem)).toEqual([newer, older]);
  });

  test.each([
    ['nothing', ''],
    ['only a comment', '# later\n'],
    ['half a key', newer.slice(0, 100)],
    ['a key and half a key', newer + older.slice(0, 100)],
    ['a key and other text', `${newer}trust me\n`],
    ['a key of another curve', publicKeyPem('P-384')],
    [
      'a private key',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    ],
    [
      'an RSA key',
      generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }) as string,
    ],
  ])('is rejected with %s', (_, text) => {
    expect(() => parsePublicKeys(text, 'x.pub')).toThrow(
      expect.objectContaining({ code: 'bad-public-key', exitCode: 3 }),
    );
  });

  test('no truncated file is read as a shorter list of keys', () => {
    const text = newer + older;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 2 }), (end) => {
        const cut = text.slice(0, end);
        const whole = cut.trim() === newer.trim();
        const read = () => parsePublicKeys(cut, 'x.pub');
        if (whole) {
          expect(read()).toHaveLength(1);
        } else {
          expect(read).toThrow();
        }
      }),
    );
  });

  test('a missing file is an error that names bowline bootstrap', () => {
    const read = () => readPublicKeys('/nowhere/production.pub');
    expect(read).toThrow(/bowline bootstrap/);
    expect(read).toThrow(expect.objectContaining({ code: 'no-public-key', exitCode: 3 }));
  });

  test('is read from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bowline-test-'));
    try {
      writeFileSync(join(folder, 'production.pub'), newer + older);
      expect(readPublicKeys(join(folder, 'production.pub'))).toEqual(parsePublicKeys(newer + older, 'x.pub'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test.each([
  ['', 'x.pub has no public key in PEM'],
  ['trust me\n', 'x.pub has no public key in PEM'],
  [`${newer}trust me\n`, 'x.pub must have only public keys in PEM and comments, got: trust me'],
  [`${newer} # indented\n`, 'got:  # indented'],
  [`${newer}not a comment #\n`, 'got: not a comment #'],
])('the message about the key file %j says what is wrong', (text, message) => {
  expect(() => parsePublicKeys(text, 'x.pub')).toThrow(message);
});

test('empty lines and lines of spaces are no other text', () => {
  expect(parsePublicKeys(`\n  \n# a\n${newer}\n\t\n${older}\n`, 'x.pub')).toHaveLength(2);
});

test.each([
  ['an RSA key', generateKeyPairSync('rsa', { modulusLength: 2048 }), 'ECDSA P-256, got: rsa'],
  ['a key of another curve', generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'ECDSA P-256, got: ec secp384r1'],
  ['an Ed25519 key', generateKeyPairSync('ed25519'), 'ECDSA P-256, got: ed25519'],
])('the message about %s says which it is', (_, { publicKey }, message) => {
  expect(() => publicKeyDigest(publicKey.export({ type: 'spki', format: 'pem' }) as string)).toThrow(message);
});

test('a key is identified by its content alone', () => {
  expect(publicKeyDigest(`${newer.trim()}\n\n`)).toBe(publicKeyDigest(newer));
  expect(publicKeyDigest(newer)).not.toBe(publicKeyDigest(older));
  const malformed = () => publicKeyDigest('trust me');
  expect(malformed).toThrow('the public key is not a PEM public key');
  expect(malformed).toThrow(expect.objectContaining({ code: 'bad-public-key', exitCode: 3 }));
});
