import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { badInput } from '../errors';
import { type Digest, digestOf } from '../values';

/** One public key of a class of environments. */
export interface PublicKey {
  readonly pem: string;
  /** sha256 of its DER form: identifies the key. */
  readonly digest: Digest;
}

const pemBlock = /-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----/g;

/**
 * The file with the public keys of an environment class, as `bowline bootstrap` writes it.
 * @param from.keys folder of the keys. @default that of the catalog
 */
export function publicKeyFile(
  { keys, catalog }: { readonly keys?: string; readonly catalog: string },
  environmentClass: string,
): string {
  return join(keys ?? join(catalog, 'keys'), `${environmentClass}.pub`);
}

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
 * Identifies a public key: sha256 of its DER form.
 * @throws BowlineError `bad-public-key` (exit 3) when the text is not an ECDSA P-256 public key
 */
export function publicKeyDigest(pem: string): Digest {
  let key: ReturnType<typeof createPublicKey>;
  try {
    key = createPublicKey(pem);
  } catch {
    throw badInput('bad-public-key', 'the public key is not a PEM public key');
  }
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw badInput(
      'bad-public-key',
      `the public key must be ECDSA P-256, got: ${key.asymmetricKeyType} ${key.asymmetricKeyDetails?.namedCurve ?? ''}`,
    );
  }
  return digestOf(key.export({ type: 'spki', format: 'der' }));
}
