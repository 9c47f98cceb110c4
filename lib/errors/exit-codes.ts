/** The exit codes of every command. */
export const exitCodes = {
  passed: 0,
  /** The step has no result: a tool is missing or out of date, crashed, or wrote nothing. */
  inconclusive: 1,
  /** A gate rejects the release, or the ledger refuses the change. */
  rejected: 2,
  /** The configuration, the source or an option is wrong. */
  badInput: 3,
  /** The command line itself is wrong. */
  usage: 64,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** How a command fails, apart from wrong usage. */
export type FailureKind = 'inconclusive' | 'rejected' | 'badInput';
