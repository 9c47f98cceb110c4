import { InputError } from '../process/input-error';
import { ledgerCredentialSchema, type Platform } from './schema/platform';

/** The credential that a pipeline's variable describes: what stood in the catalog when it was synthesized. @throws InputError */
export function parseLedgerCredential(text: string): NonNullable<Platform['ledger']['credential']> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Said below, without the text.
  }
  const parsed = ledgerCredentialSchema.safeParse(value);
  if (!parsed.success) {
    throw new InputError('BOWLINE_LEDGER_CREDENTIAL must be the ledger.credential of platform.yaml as JSON');
  }
  return parsed.data;
}
