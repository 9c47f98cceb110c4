/** Where a step reports its progress to people. Machines read the release record. */
export interface Reporter {
  /** A result worth one line. */
  note(text: string): void;
  /** Progress of long work; a reporter may drop it. */
  progress(text: string): void;
}

/** Reports nothing: for tests. */
export const silentReporter: Reporter = { note: () => {}, progress: () => {} };
