import { z } from 'zod';
import { type BowlineError, inconclusive, rejected } from '../../../errors';
import { type GitHubAnswer, githubRequest, messageOf } from '../../clients/github-request';
import { type GitHost, type Proposal, type PullRequest, replacesLine } from './git-host';

export interface GitHubRepository {
  readonly api: string;
  readonly owner: string;
  readonly name: string;
  readonly token: string;
}

const pullSchema = z.looseObject({
  number: z.number(),
  html_url: z.string(),
  state: z.string(),
  merged_at: z.string().nullable().default(null),
  body: z.string().nullable().default(null),
});

/** Opens pull requests on GitHub. */
export function githubHost({ api, owner, name, token }: GitHubRepository): GitHost {
  const pulls = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}/pulls`;
  const request = (method: 'GET' | 'POST', path: string, body?: object) =>
    githubRequest({ api, method, path, bearer: token, body });
  const find = async ({ branch, into, replaces }: Proposal): Promise<PullRequest | undefined> => {
    const query = new URLSearchParams({ head: `${owner}:${branch}`, base: into, state: 'all', per_page: '50' });
    const answer = await request('GET', `${pulls}?${query}`);
    const all = z.array(pullSchema).safeParse(answer.body);
    if (answer.status !== 200 || !all.success) {
      throw failure('list', answer);
    }
    const open = all.data.find(({ state }) => state === 'open');
    if (open !== undefined) {
      return { number: open.number, url: open.html_url, opened: false };
    }
    const newest = [...all.data].sort((a, b) => b.number - a.number)[0];
    if (newest !== undefined && newest.merged_at === null && isAbout(newest.body, replaces)) {
      throw rejected(
        'proposal-closed',
        `someone closed ${newest.html_url} without merging it, so this release was rejected. Reopen the pull request, or release another commit`,
      );
    }
    return undefined;
  };
  return {
    propose: async (proposal) => {
      const existing = await find(proposal);
      if (existing !== undefined) {
        return existing;
      }
      const { branch, into, title, body } = proposal;
      const answer = await request('POST', pulls, { title, body, head: branch, base: into });
      const created = pullSchema.safeParse(answer.body);
      if (answer.status === 201 && created.success) {
        return { number: created.data.number, url: created.data.html_url, opened: true };
      }
      // Another run of the same release may have opened it in the meantime.
      const concurrent = answer.status === 422 ? await find(proposal) : undefined;
      if (concurrent === undefined) {
        throw failure('open', answer);
      }
      return concurrent;
    },
  };
}

/** Whether a closed pull request was about replacing the same image. One without the line is from an older version, or was edited. */
function isAbout(body: string | null, replaces: string | undefined): boolean {
  const line = /^Replaces: \S+$/m.exec(body?.replaceAll('\r', '') ?? '')?.[0];
  return line === undefined || line === replacesLine(replaces);
}

function failure(action: 'list' | 'open', answer: GitHubAnswer): BowlineError {
  const text = `GitHub refuses to ${action} pull requests of the ledger: ${messageOf(answer)}`;
  return answer.status >= 500 || answer.status === 429
    ? inconclusive('git-host-unreachable', text)
    : rejected('git-credential-refused', `${text}. The App needs "pull_requests: write" on the ledger`);
}
