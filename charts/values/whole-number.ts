/**
 * Holds a field to a whole number: a manifest with another is refused by the API server, long after synth.
 * @throws Error that names the field and the value
 */
export function wholeNumber(field: string, value: number, least: number): number {
  if (!Number.isInteger(value) || value < least) {
    throw new Error(`'${field}' (${value}) must be a whole number of ${least} or above`);
  }
  return value;
}
