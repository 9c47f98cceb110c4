import { type PublicKey, parsePublicKeys, publicKeyDigest } from '../steps';

/** The change to the public key file of an environment class. */
export type KeyFileChange =
  | { readonly kind: 'same'; readonly key: PublicKey }
  | { readonly kind: 'write'; readonly key: PublicKey; readonly text: string; readonly before?: PublicKey }
  | { readonly kind: 'differs'; readonly key: PublicKey; readonly before: PublicKey };

/**
 * Plans to put the current signing key at the top of the file. If the file starts with another key, the key was rotated or replaced by an
 * attacker. Only `rotate` accepts it. Older keys are kept, so that their signatures still verify.
 * @param text the content of the file, if it exists
 * @param pem the current key of the alias
 * @param options `today` is the date for the comment, such as 2026-11-24
 * @throws BowlineError `bad-public-key` if the file or the key is invalid
 */
export function planKeyFile(
  text: string | undefined,
  pem: string,
  options: { readonly rotate: boolean; readonly today: string; readonly file: string },
): KeyFileChange {
  const key = { pem, digest: publicKeyDigest(pem) };
  const entry = `# signs since ${options.today}: ${key.digest}\n${pem}`;
  if (text === undefined) {
    return { kind: 'write', key, text: entry };
  }
  const [before] = parsePublicKeys(text, options.file) as [PublicKey];
  if (before.digest === key.digest) {
    return { kind: 'same', key };
  }
  return options.rotate ? { kind: 'write', key, text: `${entry}${text}`, before } : { kind: 'differs', key, before };
}
