import { type PublicKey, parsePublicKeys, publicKeyDigest } from '../steps';

/** What becomes of the file of a class's public keys. */
export type KeyFileChange =
  | { readonly kind: 'same'; readonly key: PublicKey }
  | { readonly kind: 'write'; readonly key: PublicKey; readonly text: string; readonly before?: PublicKey }
  | { readonly kind: 'differs'; readonly key: PublicKey; readonly before: PublicKey };

/**
 * Brings the key that signs now into the file, on top. A file that begins with another key is a replaced key, or somebody else's: only
 * `rotate` says that it is meant, and then the older keys stay, so that what they have signed still verifies.
 * @param text of the file, where there is one
 * @param pem the key behind the class's alias
 * @param today as in 2026-11-24, for the comment
 * @throws BowlineError `bad-public-key` for a file or a key that is none
 */
export function keyFile(
  text: string | undefined,
  pem: string,
  options: { readonly rotate: boolean; readonly today: string; readonly file: string },
): KeyFileChange {
  const key = { pem, digest: publicKeyDigest(pem) };
  const added = `# signs since ${options.today}: ${key.digest}\n${pem}`;
  if (text === undefined) {
    return { kind: 'write', key, text: added };
  }
  const [before] = parsePublicKeys(text, options.file) as [PublicKey];
  if (before.digest === key.digest) {
    return { kind: 'same', key };
  }
  return options.rotate ? { kind: 'write', key, text: `${added}${text}`, before } : { kind: 'differs', key, before };
}
