import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { inconclusive, rejected } from '../../lib/errors';
import { parsePublicKeys, publicKeyDigest, readPublicKeys } from '../../lib/steps';
import { verifyWithAnyKey } from '../../lib/steps/public-keys';

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
    expect(() => readPublicKeys('/nowhere/production.pub')).toThrow(/bowline bootstrap/);
  });
});

describe('verifyWithAnyKey', () => {
  const keys = parsePublicKeys(newer + older, 'x.pub');
  const files: string[] = [];
  const only = (pem: string, otherwise: Error) => async (file: string) => {
    files.push(file);
    if (readFileSync(file, 'utf8') !== pem) {
      throw otherwise;
    }
  };
  const mismatch = rejected('key-mismatch', 'signed, but not by this key');

  test('returns the first key with which everything verifies', async () => {
    expect((await verifyWithAnyKey(keys, only(newer, mismatch))).pem).toBe(newer);
    expect((await verifyWithAnyKey(keys, only(older, mismatch))).pem).toBe(older);
    expect(files.filter(existsSync)).toEqual([]);
  });

  test('throws the error that says most: missing evidence before a signature by another key', async () => {
    const missing = rejected('no-sbom', 'no SBOM');
    const verify = async (file: string) => {
      throw readFileSync(file, 'utf8') === older ? missing : mismatch;
    };
    await expect(verifyWithAnyKey(keys, verify)).rejects.toBe(missing);
    await expect(verifyWithAnyKey(keys, only('none', mismatch))).rejects.toBe(mismatch);
  });

  test('does not try the next key when the first could not be checked', async () => {
    const unreachable = inconclusive('failed', 'the registry does not answer');
    await expect(verifyWithAnyKey(keys, only(older, unreachable))).rejects.toBe(unreachable);
  });
});
