/** Where the source of a service is, and what else its jobs may read there. */
export interface SourceHost {
  /** The URL of the clone, without credentials. */
  readonly origin: string;
  /** The repository of the service, such as `acme/shop`. */
  readonly repository: string;
  /** Private repositories that the catalog names as submodules. */
  readonly submodules: readonly string[];
  /** The provider's own host, such as `github.com`. A connection of AWS has another one. */
  readonly publicHost?: string;
}

/** The URL that a submodule is fetched from, or why it is not. The reason continues the sentence "the URL …". */
export type SubmoduleUrl =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly reason: string; readonly remedy: string };

/**
 * Decides what a submodule is fetched from. A URL in `.gitmodules` is written by anybody who can change the source: only https is fetched, because
 * other transports of git run programs or read files of this machine (gitremote-helpers(7)).
 *
 * A repository on the host of the source that the catalog names is fetched with the permission of the job; any other one without a login.
 * @param written the URL in `.gitmodules`
 * @param parent the URL that relative ones start from
 */
export function resolveSubmoduleUrl(written: string, parent: string, host: SourceHost): SubmoduleUrl {
  const resolved = /^\.{1,2}\//.test(written) ? resolveRelative(written, parent) : written;
  if (resolved === undefined) {
    return refuse('leads out of the git host', 'Correct the number of "../".');
  }
  const problem = findProblem(resolved);
  if (problem !== undefined) {
    return problem;
  }
  const base = baseOf(host);
  const name = base === undefined ? undefined : repositoryOf(resolved, base, host.publicHost);
  if (base === undefined || name === undefined) {
    return { ok: true, url: resolved };
  }
  if (name === host.repository || host.submodules.includes(name)) {
    return { ok: true, url: `${base}/${name}${host.origin.endsWith('.git') ? '.git' : ''}` };
  }
  // Through a connection, AWS denies a repository that the catalog does not name, even a public one.
  return {
    ok: true,
    url: isConnection(resolved) && host.publicHost ? `https://${host.publicHost}/${name}.git` : resolved,
  };
}

/** Whether a URL leads to the proxy through which AWS lets a job clone, by the permissions of its role. */
export function isConnection(url: string): boolean {
  return /^https:\/\/(?:codestar-connections|codeconnections)\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/git-http\//.test(
    url,
  );
}

/** As git resolves them: each "../" drops the last part of the parent's path (git-submodule(1)). */
function resolveRelative(written: string, parent: string): string | undefined {
  const [, start, path] = /^(https:\/\/[^/]+)\/(.+?)\/*$/.exec(parent) ?? [];
  if (start === undefined || path === undefined) {
    return undefined;
  }
  const segments = path.split('/');
  let rest = written;
  for (let prefix = leadingDots(rest); prefix !== ''; prefix = leadingDots(rest)) {
    if (prefix === '../' && segments.pop() === undefined) {
      return undefined;
    }
    rest = rest.slice(prefix.length);
  }
  return [start, ...segments, rest].join('/');
}

function leadingDots(path: string): string {
  return /^\.{1,2}\//.exec(path)?.[0] ?? '';
}

function findProblem(url: string): SubmoduleUrl | undefined {
  const scp =
    /^(?:[^@/:]+@)?([A-Za-z0-9.-]+):(?!\/\/)([^:]+)$/.exec(url) ??
    /^ssh:\/\/(?:[^@/]+@)?([^/:]+)(?::[0-9]+)?\/(.+)$/.exec(url);
  if (scp !== null && !url.includes('::')) {
    return refuse(
      'needs an ssh key, which the pipeline does not have',
      `Write https://${scp[1]}/${scp[2]?.replace(/^\/+/, '')}, or the path from this repository, such as ../${scp[2]?.split('/').pop()}.`,
    );
  }
  // No character that a shell, a header or a log could take for something else.
  if (!/^https:\/\/[A-Za-z0-9.-]+(?::[0-9]+)?\/[A-Za-z0-9._~/+@-]+$/.test(url) || /\/\.{1,2}(?:\/|$)/.test(url)) {
    return refuse(
      /^https:\/\/[^/]*@/.test(url) ? 'contains a credential' : 'is not an https URL',
      'Bowline fetches only https://<host>/<path>, without a login in it, or a relative path.',
    );
  }
  return undefined;
}

function refuse(reason: string, remedy: string): SubmoduleUrl {
  return { ok: false, reason, remedy };
}

/** The URL that all repositories of the host begin with. */
function baseOf({ origin, repository }: SourceHost): string | undefined {
  const text = origin.replace(/\/+$/, '').replace(/\.git$/, '');
  return text.endsWith(`/${repository}`) ? text.slice(0, -repository.length - 1) : undefined;
}

function repositoryOf(url: string, base: string, publicHost: string | undefined): string | undefined {
  const path = [base, ...(publicHost === undefined ? [] : [`https://${publicHost}`])]
    .filter((prefix) => url.startsWith(`${prefix}/`))
    .map((prefix) => url.slice(prefix.length + 1))[0];
  return path?.replace(/\/+$/, '').replace(/\.git$/, '');
}
