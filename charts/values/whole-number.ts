/**
 * Returns the value if it is a whole number of at least `minimum`. The API server would reject any other value, but only at deployment.
 * @throws Error with the field and the value
 */
export function requireWholeNumber(field: string, value: number, minimum: number): number {
  if (!Number.isInteger(value) || value < minimum) {
    throw new Error(`'${field}' must be a whole number of at least ${minimum}, got: ${value}`);
  }
  return value;
}
