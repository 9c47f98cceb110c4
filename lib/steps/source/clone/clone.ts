import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Platform, providerHosts, type Service, sourceUrl } from '../../../catalog';
import { badInput } from '../../../errors';
import { gitCommand, mustRun, type Outcome, run, transientReason, type UserGitSettings } from '../../../process';
import type { Reporter } from '../../reporter';
import { scopedCredentials } from './scoped-credentials';
import type { SourceHost } from './submodule-url';

/** A clone of the source, or one of its submodules. */
export interface Clone {
  /** The service, for messages. */
  readonly service: string;
  readonly directory: string;
  /** Path in the source. Empty for the source itself. */
  readonly path: string;
  /** What the clone is fetched from. */
  readonly url: string;
  readonly host: SourceHost;
  readonly credentials: UserGitSettings;
  readonly reporter: Reporter;
}

/**
 * Opens the clone of a service's source.
 * @returns undefined if the folder is no clone, as in a local run
 * @throws BowlineError `input` if it has another commit
 */
export async function openClone(
  {
    platform,
    service,
    reporter,
  }: { readonly platform: Platform; readonly service: Service; readonly reporter: Reporter },
  directory: string,
  commit: string,
): Promise<Clone | undefined> {
  if (!existsSync(join(directory, '.git'))) {
    return undefined;
  }
  const local = (words: readonly string[]) => mustRun(gitCommand(words, { ...trusted, directory, timeoutSeconds: 60 }));
  const head = (await local(['rev-parse', '--verify', 'HEAD'])).stdout.trim();
  if (head !== commit) {
    throw badInput('input', `the source in ${directory} is at commit ${head}, but the release is of commit ${commit}`);
  }
  const remote = await run(
    gitCommand(['config', '--local', '--get', 'remote.origin.url'], { ...trusted, directory, timeoutSeconds: 60 }),
  );
  const found = remote.stdout.trim().replace(/^(https:\/\/)[^/@]*@/, '$1');
  const url = found.startsWith('https://') ? found : sourceUrl(platform, service.source.repository);
  const { repository, submodules } = service.source;
  const { kind, provider } = platform.source;
  return {
    service: service.name,
    directory,
    path: '',
    url,
    host: {
      origin: url,
      repository,
      submodules,
      ...(kind === 'codecommit' ? {} : { publicHost: providerHosts[provider] }),
    },
    credentials: await scopedCredentials(url),
    reporter,
  };
}

/** git's messages about a network that fails, as opposed to a host that answers no. */
const networkFailure =
  /Could not resolve host|(?:Failed|Could not|Couldn't) (?:to )?connect|Connection (?:timed out|refused|reset)|Operation (?:timed out|too slow)|returned error: 5[0-9]{2}|Server error|early EOF|RPC failed/i;

/** Whether a fetch can succeed without any change, because the network or the host failed. */
export function isNetworkFailure(stderr: string): boolean {
  return networkFailure.test(stderr) || transientReason(stderr) !== undefined;
}

/** The folder was given to this job as its source: git need not ask who owns it. */
const trusted = { config: { 'safe.directory': '*' } } as const;

/** Runs git in a clone, without network. @throws ProgramError */
export async function gitIn({ directory }: Clone, words: readonly string[], input?: string): Promise<string> {
  return (await mustRun(gitCommand(words, { ...trusted, directory, input, timeoutSeconds: 120 }))).stdout;
}

export interface FetchOptions {
  readonly config?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

/** Runs git in a clone with the network: only https, and the login of the job only for the host of the source. */
export function fetchIn(clone: Clone, words: readonly string[], options: FetchOptions): Promise<Outcome> {
  const { config = {}, environment = {}, timeoutSeconds } = options;
  return run(
    gitCommand(words, {
      directory: clone.directory,
      protocols: ['https'],
      config: { ...trusted.config, ...config },
      user: clone.credentials,
      environment: { GIT_ASKPASS: '', SSH_ASKPASS: '', ...environment },
      timeoutSeconds,
    }),
  );
}
