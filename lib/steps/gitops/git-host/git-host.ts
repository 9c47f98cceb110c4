/** A change that lies on a branch of its own and asks to be taken in. */
export interface Proposal {
  /** Where it lies. */
  readonly branch: string;
  /** Where it wants to go. */
  readonly into: string;
  readonly title: string;
  readonly body: string;
}

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  /** Whether this call opened it. False: it was open already. */
  readonly opened: boolean;
}

/** What pull requests are asked of. */
export interface GitHost {
  /** Opens a pull request, or finds the open one. @throws BowlineError `proposal-closed` (exit 2) for one that somebody closed without taking it */
  propose(proposal: Proposal): Promise<PullRequest>;
}
