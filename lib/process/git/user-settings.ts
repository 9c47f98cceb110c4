import { homedir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from '../run';

/** What is deliberately taken over from the git configuration of the person or machine that runs Bowline. */
export interface UserGitSettings {
  /** In git's order: an empty `credential.helper` removes the ones before it. */
  readonly settings: readonly (readonly [key: string, value: string])[];
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * What each use of git takes over. Everything else, such as `url.*.insteadOf`, `push.pushOption`, `core.hooksPath` and aliases, stays out: it changes
 * where git writes, what it writes or which programs it starts, and nobody who set it thought of Bowline.
 * - `credentials`: how the user logs in to git hosts, and whom the user trusts as their certificate authority.
 * - `source`: which files the user ignores everywhere, how Git LFS stores files, and which checkouts of other owners the user trusts.
 * - `trust`: the trusted repositories only.
 */
const taken = {
  credentials: {
    keys: /^(?:credential\..+|core\.(?:sshcommand|askpass)|ssh\.variant|http\.(?:.+\.)?(?:extraheader|cookiefile|emptyauth|proxy|proxyauthmethod|proxyssl[a-z]+|sslcainfo|sslcapath|sslcert|sslkey|sslcertpasswordprotected|sslcerttype|sslkeytype|sslbackend))$/,
    variables: /^GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|SSL_CAPATH|SSL_CERT|SSL_KEY|HTTP_PROXY_AUTHMETHOD)$/,
  },
  source: {
    keys: /^(?:core\.excludesfile|safe\.directory|filter\.lfs\.(?:clean|smudge|process|required))$/,
    variables: /^$/,
  },
  trust: { keys: /^safe\.directory$/, variables: /^$/ },
} as const;

export type GitUse = keyof typeof taken;

/**
 * Reads what `use` takes over from the user's git: from its system and global configuration and from `GIT_CONFIG_COUNT`, never from the
 * configuration of a repository.
 * @throws ProgramError when git cannot read its configuration
 */
export async function readUserGitSettings(
  use: GitUse,
  from: NodeJS.ProcessEnv = process.env,
): Promise<UserGitSettings> {
  const { keys, variables } = taken[use];
  // GIT_DIR and the like would let a repository speak. The folder / belongs to no repository.
  const redirecting = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_CONFIG'];
  const absent = Object.fromEntries(
    [...Object.keys(process.env).filter((name) => from[name] === undefined), ...redirecting].map((name) => [
      name,
      undefined,
    ]),
  );
  const { stdout } = await mustRun({
    program: 'git',
    arguments: ['config', '--list', '--includes', '-z', '--show-scope'],
    directory: '/',
    environment: { ...from, ...absent },
    timeoutSeconds: 30,
  });
  // Fields alternate: the scope, then the key and its value, separated by a line break. A key without a value is true.
  const fields = stdout.split('\0');
  const settings = fields.flatMap((scope, index) => {
    const entry = fields[index + 1];
    if (index % 2 === 1 || entry === undefined || !['system', 'global', 'command'].includes(scope)) {
      return [];
    }
    const end = entry.indexOf('\n');
    const [key, value] = end < 0 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)];
    return keys.test(key) ? [[key, value] as const] : [];
  });
  return {
    settings: use === 'source' ? [...ignoreFileOf(from), ...settings] : settings,
    variables: Object.fromEntries(
      Object.entries(from).filter(
        (entry): entry is [string, string] => variables.test(entry[0]) && entry[1] !== undefined,
      ),
    ),
  };
}

/** The file that git reads unless core.excludesFile names another one (gitignore(5)). */
function ignoreFileOf({ XDG_CONFIG_HOME, HOME }: NodeJS.ProcessEnv): UserGitSettings['settings'] {
  const folder = XDG_CONFIG_HOME || join(HOME ?? homedir(), '.config');
  return [['core.excludesfile', join(folder, 'git', 'ignore')]];
}
