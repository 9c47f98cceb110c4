export type { GitHost, Proposal, PullRequest } from './git-host';
export { type AppToken, appJwt, type GitHubApp, installationToken } from './github-app';
export { githubHost } from './github-pull-request';
