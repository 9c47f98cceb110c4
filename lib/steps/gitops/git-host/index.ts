export type { GitHost, Proposal, PullRequest } from './git-host';
export { githubHost } from './github-pull-request';
