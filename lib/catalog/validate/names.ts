import { nearMiss } from '../parse/near-miss';

/** The names of a kind of thing in the catalog. */
export interface Names {
  readonly known: readonly string[];
  /** Texts that stand where a name can't be read: each is a thing of its own, whose name is not known yet. */
  readonly unreadable: readonly string[];
}

/** What is wrong with a name that something refers by: nothing if there is such a thing, or may be once a wrong name is mended. */
export function findUnknownName(
  name: string,
  { known, unreadable }: Names,
): { readonly found: string; readonly nearMiss?: string } | undefined {
  if (known.includes(name) || nearMiss(name, unreadable) !== undefined) {
    return undefined;
  }
  const near = nearMiss(name, known);
  return { found: name, ...(near === undefined ? {} : { nearMiss: near }) };
}
