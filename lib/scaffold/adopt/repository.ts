import { type Platform, providerHosts } from '../../catalog';
import type { Finding } from './finding';
import { at, type Reading } from './reading';

/** What git says about a checkout. */
export interface GitFacts {
  /** The URL of the remote origin. */
  readonly remote?: string | undefined;
  readonly branch?: string | undefined;
  /** How the branch was found. */
  readonly branchWhere?: string | undefined;
}

/**
 * The repository by the remote origin, or by the module path where the remote is a folder. Undefined if neither names one that the platform's
 * connection can read.
 */
export function repositoryOf(
  { remote = '' }: GitFacts,
  reading: Reading,
  source: Pick<Platform['source'], 'kind' | 'provider'>,
): Finding<string> | undefined {
  if (foreignHost({ remote }, source) !== undefined) {
    return undefined;
  }
  const { path } = parseRemote(remote) ?? {};
  const byRemote = asRepository(path, source);
  if (byRemote !== undefined) {
    return { value: byRemote, where: `git remote origin, ${withoutCredential(remote)}` };
  }
  const byModule = /^(?:github\.com|gitlab\.com|bitbucket\.org)\/([^/]+\/[^/]+)/.exec(reading.module)?.[1];
  const named = path === undefined ? asRepository(byModule, source) : undefined;
  return named === undefined ? undefined : { value: named, where: `${at(reading.goMod)} (module ${reading.module})` };
}

/** The host of the remote origin, where the platform's connection cannot read from it. An SSH alias, which has no dot, may be any host. */
function foreignHost(
  { remote = '' }: GitFacts,
  source: Pick<Platform['source'], 'kind' | 'provider'>,
): string | undefined {
  const host = parseRemote(remote)?.host.toLowerCase();
  const isRead =
    host === undefined ||
    source.kind === 'codecommit' ||
    !host.includes('.') ||
    host.split('.').slice(-2).join('.') === providerHosts[source.provider];
  return isRead ? undefined : host;
}

/** What to ask where the remote is on a host that the connection cannot read. */
export function askForRepository(
  git: GitFacts,
  source: Pick<Platform['source'], 'kind' | 'provider'>,
): string | undefined {
  const host = foreignHost(git, source);
  return host === undefined
    ? undefined
    : `the repository: git remote origin is on ${host}, and the connection of the platform reads ${providerHosts[source.provider]}`;
}

function parseRemote(remote: string): { readonly host: string; readonly path: string } | undefined {
  const [, host, path] =
    /^(?:https?|ssh|git):\/\/(?:[^/@]*@)?([^/:]+)(?::[0-9]+)?\/(.+?)(?:\.git)?\/?$/.exec(remote) ??
    /^[\w.-]+@([\w.-]+):(?!\/\/)(.+?)(?:\.git)?\/?$/.exec(remote) ??
    [];
  return host === undefined || path === undefined ? undefined : { host, path };
}

/** A CodeCommit repository has only a name, and only GitLab has groups in groups. */
function asRepository(
  path: string | undefined,
  { kind, provider }: Pick<Platform['source'], 'kind' | 'provider'>,
): string | undefined {
  const parts = (path ?? '').split('/');
  if (!parts.every((part) => /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(part))) {
    return undefined;
  }
  if (kind === 'codecommit') {
    return parts.at(-1);
  }
  return parts.length === 2 || (provider === 'gitlab' && parts.length > 2) ? parts.join('/') : undefined;
}

/** A remote can contain a token. */
function withoutCredential(remote: string): string {
  return remote.replace(/^(\w+:\/\/)[^/@]*@/, '$1');
}
