export { type GitHost, type Proposal, type PullRequest, replacesLine } from './git-host';
export { githubHost } from './github-pull-request';
