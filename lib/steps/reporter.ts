/** Where a verb tells people how it goes. Machines read the record. */
export interface Reporter {
  /** A fact worth a line. */
  note(text: string): void;
  /** Progress of long work; may be shown, may be dropped. */
  progress(text: string): void;
}

/** Says nothing: for tests. */
export const silent: Reporter = { note: () => {}, progress: () => {} };
