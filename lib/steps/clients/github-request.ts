import { inconclusive } from '../../errors';

/** One request to GitHub's REST API. */
export interface GitHubRequest {
  /** Such as `https://api.github.com`, without a slash at its end. */
  readonly api: string;
  readonly method: 'GET' | 'POST';
  /** Starts with a slash. */
  readonly path: string;
  /** A token, sent in the authorization header only. */
  readonly bearer: string;
  readonly body?: object;
}

export interface GitHubAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Sends a request to GitHub. A status of 400 or more is returned, not thrown: the caller knows what it means.
 * @throws BowlineError `git-host-unreachable` (exit 1) when there is no response
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
      body: body === undefined ? null : JSON.stringify(body),
      // A redirect must not take the token to another host.
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
    });
    status = response.status;
    text = await response.text();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw inconclusive('git-host-unreachable', `${api} does not respond: ${cause}`);
  }
  try {
    return { status, body: JSON.parse(text) };
  } catch {
    return { status, body: undefined };
  }
}

/** Status and GitHub's message of an error response. */
export function messageOf({ status, body }: GitHubAnswer): string {
  const { message, errors } = (body ?? {}) as {
    readonly message?: unknown;
    readonly errors?: readonly { message?: unknown }[];
  };
  const more = Array.isArray(errors) ? errors.map((error) => String(error?.message ?? '')).filter(Boolean) : [];
  return [`${status}`, ...(typeof message === 'string' ? [message] : []), ...more].join(' ').slice(0, 300);
}
