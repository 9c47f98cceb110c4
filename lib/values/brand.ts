/** A string that has passed the parser of its kind. It is a plain string in JSON; only a parser makes one. */
export type Brand<Name extends string> = string & { readonly __brand: Name };
