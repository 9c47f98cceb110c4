import { type BowlineError, badInput, rejected } from '../../errors';
import { type Refusal, servicePath } from '../../ledger';

/** Checks that both names are valid in the ledger's paths. @throws BowlineError `bad-name` (exit 3) */
export function requireValidNames(environment: string, service: string): void {
  try {
    servicePath(environment, service);
  } catch (error) {
    throw badInput('bad-name', error instanceof Error ? error.message : String(error));
  }
}

/** The error for a refusal of the ledger: exit 3 when the request is wrong, exit 2 when the ledger refuses a valid request. */
export function refusalError(refusal: Pick<Refusal, 'code' | 'reason'>): BowlineError {
  switch (refusal.code) {
    case 'malformed-input':
    case 'service-not-published':
    case 'unknown-release':
    case 'still-there':
      return badInput(refusal.code, refusal.reason);
    case 'manifests-unclear':
    case 'superseded':
    case 'would-remove':
    case 'no-earlier-release':
    case 'older-release':
      return rejected(refusal.code, refusal.reason);
  }
}
