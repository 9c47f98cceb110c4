/** A mistake in what was asked for. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
