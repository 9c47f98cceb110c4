import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { inconclusive, rejected } from '../../lib/errors';
import { parsePublicKeys, publicKeyDigest, readPublicKeys } from '../../lib/steps';
import { verifiedByOne } from '../../lib/steps/public-keys';

const made = (namedCurve = 'P-256') =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'pem' }) as string;
const newer = made();
const older = made();

describe('the file of the public keys of a class', () => {
  test('holds one key, or several with the newest first', () => {
    expect(parsePublicKeys(newer, 'x.pub')).toEqual([{ pem: newer, digest: publicKeyDigest(newer) }]);
    const text = `# new\n${newer}\n# old, until January\n${older}`;
    expect(parsePublicKeys(text, 'x.pub').map(({ pem }) => pem)).toEqual([newer, older]);
    expect(parsePublicKeys(text.replaceAll('\n', '\r\n'), 'x.pub').map(({ pem }) => pem)).toEqual([newer, older]);
  });

  test.each([
    ['nothing', ''],
    ['a comment alone', '# later\n'],
    ['half a key', newer.slice(0, 100)],
    ['a key and half a key', newer + older.slice(0, 100)],
    ['a key and words', `${newer}trust me\n`],
    ['a key of another curve', made('P-384')],
    [
      'a private key',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    ],
    [
      'an RSA key',
      generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }) as string,
    ],
  ])('is bad input where it holds %s', (_, text) => {
    expect(() => parsePublicKeys(text, 'x.pub')).toThrow(
      expect.objectContaining({ code: 'bad-public-key', exitCode: 3 }),
    );
  });

  test('no cut of it is taken for a shorter list of keys', () => {
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

  test('that is not there is bad input, and says who makes it', () => {
    expect(() => readPublicKeys('/nowhere/production.pub')).toThrow(/bowline bootstrap/);
  });
});

describe('evidence by one of several keys', () => {
  const keys = parsePublicKeys(newer + older, 'x.pub');
  const files: string[] = [];
  const only = (pem: string, otherwise: Error) => async (file: string) => {
    files.push(file);
    if (readFileSync(file, 'utf8') !== pem) {
      throw otherwise;
    }
  };
  const mismatch = rejected('key-mismatch', 'signed, but not by this key');

  test('is by the first that verifies everything', async () => {
    expect((await verifiedByOne(keys, only(newer, mismatch))).pem).toBe(newer);
    expect((await verifiedByOne(keys, only(older, mismatch))).pem).toBe(older);
    expect(files.filter(existsSync)).toEqual([]);
  });

  test('is refused with what says most: what is missing, before who did not sign', async () => {
    const missing = rejected('no-sbom', 'no SBOM');
    const verify = async (file: string) => {
      throw readFileSync(file, 'utf8') === older ? missing : mismatch;
    };
    await expect(verifiedByOne(keys, verify)).rejects.toBe(missing);
    await expect(verifiedByOne(keys, only('none', mismatch))).rejects.toBe(mismatch);
  });

  test('is not asked of the next key where the first could not be asked', async () => {
    const trouble = inconclusive('failed', 'the registry does not answer');
    await expect(verifiedByOne(keys, only(older, trouble))).rejects.toBe(trouble);
  });
});
