import { inconclusive } from '../../../errors';

/** One request to GitHub's REST API. */
export interface GitHubRequest {
  /** Such as `https://api.github.com`, without a slash at its end. */
  readonly api: string;
  readonly method: 'GET' | 'POST';
  /** Begins with a slash. */
  readonly path: string;
  /** A token of whatever kind; goes into one header and nowhere else. */
  readonly bearer: string;
  readonly body?: object;
}

export interface GitHubAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Asks GitHub. Errors of the API are answers too: the caller knows what they mean.
 * @throws BowlineError `git-host-unreachable`, exit 1, without an answer
 */
export async function githubRequest({ api, method, path, bearer, body }: GitHubRequest): Promise<GitHubAnswer> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${bearer}`,
        'user-agent': 'bowline',
        'x-github-api-version': '2022-11-28',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A token follows nobody to another place.
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
    });
    status = response.status;
    text = await response.text();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw inconclusive('git-host-unreachable', `${api} does not answer: ${cause}`);
  }
  try {
    return { status, body: JSON.parse(text) };
  } catch {
    return { status, body: undefined };
  }
}

/** GitHub's own words of an answer that is an error. */
export function messageOf({ status, body }: GitHubAnswer): string {
  const { message, errors } = (body ?? {}) as {
    readonly message?: unknown;
    readonly errors?: readonly { message?: unknown }[];
  };
  const more = Array.isArray(errors) ? errors.map((error) => String(error?.message ?? '')).filter(Boolean) : [];
  return [`${status}`, ...(typeof message === 'string' ? [message] : []), ...more].join(' ').slice(0, 300);
}
