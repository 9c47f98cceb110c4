import { generateKeyPairSync } from 'node:crypto';

/** The text of a file with a new public key, as cosign writes it. */
export function newPublicKey(): string {
  return String(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }));
}
