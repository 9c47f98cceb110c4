export type { GitHost, Proposal, PullRequest } from './git-host';
export { installationToken } from './github-app';
export { githubHost } from './github-pull-request';
