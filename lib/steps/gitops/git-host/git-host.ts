/** A change on its own branch, to be merged by a pull request. */
export interface Proposal {
  readonly branch: string;
  /** Branch to merge into. */
  readonly into: string;
  readonly title: string;
  /** Has the line {@link replacesLine}. */
  readonly body: string;
  /** Digest of the image that runs now. Undefined if there is none. */
  readonly replaces: string | undefined;
}

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  /** Whether this call opened it. False when it was open already. */
  readonly opened: boolean;
}

/** A git host that can open pull requests. */
export interface GitHost {
  /** Opens a pull request, or finds the open one. @throws BowlineError `proposal-closed` (exit 2) when someone closed it without merging while the same image ran */
  propose(proposal: Proposal): Promise<PullRequest>;
}

/** The line of a body that says which image a proposal replaces, so that its rejection counts only while that image runs. */
export function replacesLine(replaces: string | undefined): string {
  return `Replaces: ${replaces ?? 'nothing'}`;
}
