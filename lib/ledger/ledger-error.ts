import { BowlineError, exitCodes } from '../errors';

/** The ledger repository cannot be reached or does not accept the push. */
export class LedgerError extends BowlineError {
  override readonly name = 'LedgerError';
  constructor(
    code: 'unreachable' | 'push-refused' | 'no-branch' | 'contended' | 'damaged-clone',
    message: string,
    /** Whether a retry may succeed. */
    readonly transient = false,
    /** Whether the ledger itself refused, so that no other clone would change the outcome. */
    readonly decidedByRemote = false,
  ) {
    super(code, message, code === 'no-branch' ? exitCodes.badInput : exitCodes.inconclusive);
  }
}
