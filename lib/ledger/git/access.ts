import { statSync } from 'node:fs';
import { type GitIsolation, readUserGitSettings, type UserGitSettings, writeFileAtomic } from '../../process';
import type { LedgerLocation } from './location';

/** Prevents ssh from prompting, and from waiting for a host that does not answer. */
const sshCommand = 'ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=15';

/**
 * What git may use to access a ledger. A credential in `location.config` is the only one that is used: nothing of the host is read. Without it, a
 * host is accessed with the credentials of the person who runs the command, and a local path with none.
 * @param address a parsed address
 * @param trustFile where the trusted repositories of the user are written, for a local path that belongs to another user
 * @throws ProgramError when git cannot read the configuration of the user
 */
export async function ledgerIsolation(
  address: string,
  { config = {} }: Pick<LedgerLocation, 'config'>,
  trustFile: string,
): Promise<GitIsolation> {
  const protocol = protocolOf(address);
  const protocols = protocol === 'http' ? (['http', 'https'] as const) : [protocol];
  if (protocol === 'file') {
    const trusted = belongsToUs(address) ? [] : (await readUserGitSettings('trust')).settings;
    if (trusted.length === 0) {
      return { protocols, config };
    }
    // The git that serves a local path reads no settings but these.
    writeFileAtomic(
      trustFile,
      `[safe]\n${trusted.map(([, value]) => `\tdirectory = ${JSON.stringify(value)}\n`).join('')}`,
    );
    return { protocols, config, globalConfig: trustFile };
  }
  if (Object.keys(config).length > 0) {
    return { protocols, config, environment: protocol === 'ssh' ? { GIT_SSH_COMMAND: sshCommand } : {} };
  }
  const user = await readUserGitSettings('credentials');
  return {
    protocols,
    config,
    user,
    environment: protocol === 'ssh' && !namesSsh(user) ? { GIT_SSH_COMMAND: sshCommand } : {},
  };
}

type Protocol = NonNullable<GitIsolation['protocols']>[number];

function protocolOf(address: string): Protocol {
  const scheme = /^(https?|ssh|file):\/\//.exec(address)?.[1];
  return (scheme as Protocol | undefined) ?? (address.startsWith('/') ? 'file' : 'ssh');
}

function namesSsh({ settings, variables }: UserGitSettings): boolean {
  return (
    variables.GIT_SSH_COMMAND !== undefined ||
    variables.GIT_SSH !== undefined ||
    settings.some(([key]) => key === 'core.sshcommand')
  );
}

/** git serves a repository only to its owner, unless safe.directory names it. */
function belongsToUs(address: string): boolean {
  try {
    const path = address.startsWith('file://') ? decodeURIComponent(new URL(address).pathname) : address;
    return statSync(path).uid === process.geteuid?.();
  } catch {
    return true;
  }
}
