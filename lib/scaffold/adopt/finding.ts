/** A value of the catalog, and where it was found. */
export interface Finding<Value> {
  readonly value: Value;
  /** Such as `cmd/server/main.go:12 (flag --port)`. */
  readonly where: string;
}

/** What the source does not say, in the words of a request to its team. */
export interface Question {
  readonly field: string;
  readonly what: string;
}

/** The value of a field that a person has to edit. No field accepts it, so that `check catalog` fails until then. */
export function toEdit(what: string): string {
  return `TODO: ${what}`;
}
