/** A string that a parser has validated. Serializes to a plain string. */
export type Brand<Name extends string> = string & { readonly __brand: Name };
