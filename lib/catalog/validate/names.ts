import { nearMiss } from '../parse/near-miss';

/** The names that a reference may use. */
export interface Names {
  /** Valid names. */
  readonly known: readonly string[];
  /** Invalid names that the files contain. A reference to a similar name is not reported: correcting the invalid name may make it valid. */
  readonly invalid: readonly string[];
}

/** Reports a reference to an unknown name, with the most similar known one. Undefined if the name is known or may become known. */
export function findUnknownName(
  name: string,
  { known, invalid }: Names,
): { readonly found: string; readonly nearMiss?: string } | undefined {
  if (known.includes(name) || nearMiss(name, invalid) !== undefined) {
    return undefined;
  }
  return { found: name, nearMiss: nearMiss(name, known) };
}
