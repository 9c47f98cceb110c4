/** A change on its own branch, to be merged by a pull request. */
export interface Proposal {
  readonly branch: string;
  /** Branch to merge into. */
  readonly into: string;
  readonly title: string;
  readonly body: string;
}

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  /** Whether this call opened it. False when it was open already. */
  readonly opened: boolean;
}

/** A git host that can open pull requests. */
export interface GitHost {
  /** Opens a pull request, or finds the open one. @throws BowlineError `proposal-closed` (exit 2) when someone closed it without merging */
  propose(proposal: Proposal): Promise<PullRequest>;
}
