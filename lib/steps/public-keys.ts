import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BowlineError, badInput, exitCodes } from '../errors';
import type { Digest } from '../values';
import { publicKeyDigest } from './clients/cosign';
import { writeWhole } from './release-folder';

/** One public key of a class of environments. */
export interface PublicKey {
  readonly pem: string;
  /** sha256 of its DER form: the key's name. */
  readonly digest: Digest;
}

const block = /-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----/g;

/**
 * The keys of a file, the newest first: a class has two while its key is being replaced, and a signature by either holds.
 * Between the keys there may be lines that begin with "#".
 * @throws BowlineError `bad-public-key` (exit 3) for no key, half a key, one that is not ECDSA P-256, or anything else in the file
 */
export function parsePublicKeys(text: string, file: string): readonly PublicKey[] {
  const plain = text.replaceAll('\r\n', '\n');
  const keys = (plain.match(block) ?? []).map((pem) => ({ pem: `${pem}\n`, digest: publicKeyDigest(pem) }));
  const rest = plain
    .replaceAll(block, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  if (keys.length === 0 || rest.length > 0) {
    throw badInput(
      'bad-public-key',
      keys.length === 0 ? `${file} holds no PEM public key` : `${file} holds what is no PEM public key: ${rest[0]}`,
    );
  }
  return keys;
}

/** @throws BowlineError `no-public-key`, `bad-public-key` (exit 3) */
export function readPublicKeys(file: string): readonly PublicKey[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw badInput(
      'no-public-key',
      `there is no public key at ${file}: bowline bootstrap writes one per environment class`,
    );
  }
  return parsePublicKeys(text, file);
}

/**
 * Tries the keys in order: the first by which everything verifies. Evidence by several keys is not put together.
 * @param verify with the file of one key; throws a BowlineError with exit 2 where it does not verify
 * @throws BowlineError of the key that came furthest: that something is missing says more than that another key has signed
 */
export async function verifiedByOne(
  keys: readonly PublicKey[],
  verify: (publicKeyFile: string) => Promise<void>,
): Promise<PublicKey> {
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-keys-'));
  const refusals: BowlineError[] = [];
  try {
    for (const key of keys) {
      const file = join(scratch, `${createHash('sha256').update(key.pem).digest('hex')}.pub`);
      writeWhole(file, key.pem);
      try {
        await verify(file);
        return key;
      } catch (error) {
        if (!(error instanceof BowlineError) || error.exitCode !== exitCodes.rejected) {
          throw error;
        }
        refusals.push(error);
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  throw (
    refusals.find(({ code }) => code !== 'key-mismatch' && code !== 'no-signature') ??
    refusals[0] ??
    badInput('no-public-key', 'there is no public key to verify with')
  );
}
