/** The ledger's repository refused, or can't be reached. */
export class LedgerError extends Error {
  constructor(
    readonly code: 'unreachable' | 'rejected' | 'no-branch' | 'contended',
    message: string,
    /** Whether another attempt may succeed. */
    readonly transient = false,
  ) {
    super(message);
    this.name = 'LedgerError';
  }
}
