import { badInput } from '../errors';
import { ledgerCredentialSchema, type Platform } from './schema/platform';

/** Parses the pipeline variable that carries `ledger.credential` of the catalog from synthesis to the job. @throws BowlineError `input` */
export function parseLedgerCredential(text: string): NonNullable<Platform['ledger']['credential']> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The schema rejects undefined below. The parser's message is not used: it would quote the text.
  }
  const parsed = ledgerCredentialSchema.safeParse(value);
  if (!parsed.success) {
    throw badInput('input', 'BOWLINE_LEDGER_CREDENTIAL must be ledger.credential of platform.yaml as JSON');
  }
  return parsed.data;
}
