import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BowlineError, badInput, exitCodes } from '../errors';
import { writeFileAtomic } from '../process';
import type { Digest } from '../values';
import { publicKeyDigest } from './clients/cosign';

/** One public key of a class of environments. */
export interface PublicKey {
  readonly pem: string;
  /** sha256 of its DER form: identifies the key. */
  readonly digest: Digest;
}

const pemBlock = /-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----/g;

/** Reads the public keys of a class. @throws BowlineError `no-public-key`, `bad-public-key` (exit 3) */
export function readPublicKeys(file: string): readonly PublicKey[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw badInput(
      'no-public-key',
      `there is no public key at ${file}: run "bowline bootstrap", which writes one per class`,
    );
  }
  return parsePublicKeys(text, file);
}

/**
 * Parses the keys of a file, the newest first. A class has two keys while its key is being rotated; a signature by either is valid.
 * Lines between the keys may be comments that start with "#".
 * @throws BowlineError `bad-public-key` (exit 3) for no key, half a key, one that is not ECDSA P-256, or any other text in the file
 */
export function parsePublicKeys(text: string, file: string): readonly PublicKey[] {
  const plain = text.replaceAll('\r\n', '\n');
  const keys = (plain.match(pemBlock) ?? []).map((pem) => ({ pem: `${pem}\n`, digest: publicKeyDigest(pem) }));
  const [unexpected] = plain
    .replaceAll(pemBlock, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  if (keys.length === 0) {
    throw badInput('bad-public-key', `${file} has no public key in PEM`);
  }
  if (unexpected !== undefined) {
    throw badInput('bad-public-key', `${file} must have only public keys in PEM and comments, got: ${unexpected}`);
  }
  return keys;
}

/**
 * Tries the keys in order and returns the first key with which everything verifies. Evidence by different keys is never combined.
 * @param verify gets the file of one key; throws a BowlineError with exit 2 when something does not verify
 * @throws BowlineError of the key that verified the most: missing evidence says more than a signature by another key
 */
export async function verifyWithAnyKey(
  keys: readonly PublicKey[],
  verify: (publicKeyFile: string) => Promise<void>,
): Promise<PublicKey> {
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-keys-'));
  const rejections: BowlineError[] = [];
  try {
    for (const key of keys) {
      const file = join(scratch, `${createHash('sha256').update(key.pem).digest('hex')}.pub`);
      writeFileAtomic(file, key.pem);
      try {
        await verify(file);
        return key;
      } catch (error) {
        if (!(error instanceof BowlineError) || error.exitCode !== exitCodes.rejected) {
          throw error;
        }
        rejections.push(error);
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  throw (
    rejections.find(({ code }) => code !== 'key-mismatch' && code !== 'no-signature') ??
    rejections[0] ??
    badInput('no-public-key', 'there is no public key to verify with')
  );
}
