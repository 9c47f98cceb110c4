import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { PrivateModules } from '../../catalog';
import { matchesPattern, privateHosts } from '../../image';
import { gitCommand, readUserGitSettings, run } from '../../process';
import { type NetrcEntry, parseNetrc, renderNetrc } from './netrc';

/** A host of private modules, and where this machine has its credential. */
export interface MachineCredential {
  readonly host: string;
  /** Such as `~/.netrc`. Undefined if the machine has no credential. */
  readonly origin?: string;
}

/** The user's own credentials for the hosts of private modules: from the netrc file first, because Go reads it too, then from git's helpers. */
export async function machineNetrc(
  modules: PrivateModules,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly entries: readonly MachineCredential[]; readonly netrc: string }> {
  const file = environment.NETRC ?? join(environment.HOME ?? homedir(), '.netrc');
  const known = existsSync(file) ? parseNetrc(readFileSync(file, 'utf8')) : [];
  const found: NetrcEntry[] = [];
  const entries: MachineCredential[] = [];
  for (const host of hostsOf(modules)) {
    const matching = known.filter(({ machine }) => matchesPattern(host, machine));
    if (matching.length > 0) {
      found.push(...matching);
      const origin = environment.NETRC === undefined ? '~/.netrc' : file;
      entries.push(...matching.map(({ machine }) => ({ host: machine, origin })));
      continue;
    }
    // git needs a host: it cannot look for all hosts of a wildcard.
    const credential = host.includes('*') ? undefined : await askGit(host, environment);
    if (credential === undefined) {
      entries.push({ host });
    } else {
      found.push(credential);
      entries.push({ host, origin: "git's credential helper" });
    }
  }
  return { entries, netrc: renderNetrc(found) };
}

function hostsOf(modules: PrivateModules): readonly string[] {
  const proxy = modules.proxy === undefined ? [] : [new URL(modules.proxy).hostname];
  // With a proxy, nothing is fetched from the git hosts.
  return proxy.length > 0 ? proxy : privateHosts(modules);
}

/** Asks git's credential helpers without any prompt. */
async function askGit(host: string, environment: NodeJS.ProcessEnv): Promise<NetrcEntry | undefined> {
  const outcome = await run(
    gitCommand(['credential', 'fill'], {
      // The folder / belongs to no repository: a repository cannot name the helper.
      directory: '/',
      user: await readUserGitSettings('credentials', environment),
      input: `protocol=https\nhost=${host}\n\n`,
      environment: { GIT_ASKPASS: '', SSH_ASKPASS: '' },
      timeoutSeconds: 20,
      from: environment,
    }),
  );
  const field = (name: string) => new RegExp(`^${name}=(.+)$`, 'm').exec(outcome.stdout)?.[1];
  const [login, password] = [field('username'), field('password')];
  return outcome.exitCode === 0 && login !== undefined && password !== undefined
    ? { machine: host, login, password }
    : undefined;
}
