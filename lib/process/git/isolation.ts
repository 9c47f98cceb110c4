import type { UserGitSettings } from './user-settings';

/** How a git command is started. It sees nothing of the host's git configuration but what is named here. */
export interface GitIsolation {
  /** Transports that git may use. Default: none. */
  readonly protocols?: readonly ('file' | 'http' | 'https' | 'ssh')[];
  /** Settings of the command, such as an authorization header. Passed in the environment, because every process can read a command line. */
  readonly config?: Readonly<Record<string, string>>;
  /** What is taken over from the user. With it, git and its credential helpers also see the user's home and environment, without `GIT_*`. */
  readonly user?: UserGitSettings;
  /** File that replaces the global configuration. Unlike the other settings, also the git at the other end of a local path reads it. Default: none. */
  readonly globalConfig?: string;
  /** Additional environment variables, such as GIT_INDEX_FILE. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Settings of every git command. They outrank the configuration of the repository that git runs in, which may come from anybody: no hooks, no
 * monitor, no background maintenance, no signatures, and a push that updates the named branch only.
 */
const settings: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.attributesFile': '/dev/null',
  'core.excludesFile': '/dev/null',
  'core.autocrlf': 'false',
  'core.eol': 'lf',
  'core.safecrlf': 'false',
  'core.quotePath': 'true',
  'core.pager': 'cat',
  'core.commitGraph': 'false',
  'core.multiPackIndex': 'false',
  'safe.bareRepository': 'all',
  'color.ui': 'false',
  'commit.gpgSign': 'false',
  'log.showSignature': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'push.default': 'nothing',
  'push.followTags': 'false',
  'push.gpgSign': 'false',
  'push.negotiate': 'false',
  'push.recurseSubmodules': 'no',
  'fetch.prune': 'false',
  'fetch.pruneTags': 'false',
  'fetch.recurseSubmodules': 'no',
  'fetch.writeCommitGraph': 'false',
  'submodule.recurse': 'false',
  'protocol.version': '2',
  'http.lowSpeedLimit': '100',
  'http.lowSpeedTime': '30',
};

/** Variables without which a program does not find its tools, its temporary folder, its proxy or its certificate authorities. */
const allowedVariables =
  /^(?:PATH|TMPDIR|TMP|TEMP|LD_LIBRARY_PATH|SSL_CERT_FILE|SSL_CERT_DIR|CURL_CA_BUNDLE|(?:HTTP|HTTPS|ALL|NO)_PROXY|(?:http|https|all|no)_proxy)$/;

/** The flags that precede a command: every setting above that `isolation` does not replace by name. */
export function gitFlags({ user, config = {} }: Pick<GitIsolation, 'user' | 'config'> = {}): readonly string[] {
  const replaced = new Set([...Object.keys(config), ...(user?.settings ?? []).map(([key]) => key)].map(lowerCase));
  return Object.entries(settings).flatMap(([key, value]) =>
    replaced.has(lowerCase(key)) ? [] : ['-c', `${key}=${value}`],
  );
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}

/**
 * The complete environment of a git command: the allowed variables, an empty home, no system and no global configuration, no prompts, and English
 * messages. With `user`: the user's variables except `GIT_*`, and the settings and `GIT_*` variables that were taken over by name.
 */
export function gitEnvironment(isolation: GitIsolation = {}, from: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { user, config = {}, protocols = [], globalConfig = '/dev/null', environment = {} } = isolation;
  const inherits = (name: string) => (user === undefined ? allowedVariables.test(name) : !name.startsWith('GIT_'));
  const authority = from.GIT_SSL_CAINFO;
  const pairs: readonly (readonly [string, string])[] = [
    ...(authority ? [['http.sslCAInfo', authority] as const] : []),
    ...(user?.settings ?? []),
    ...Object.entries(config),
  ];
  return {
    ...Object.fromEntries(Object.entries(from).filter(([name]) => inherits(name))),
    ...(user === undefined ? { HOME: '/nonexistent' } : user.variables),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_GLOBAL: globalConfig,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_CONFIG_COUNT: String(pairs.length),
    ...Object.fromEntries(
      pairs.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
    GIT_ALLOW_PROTOCOL: protocols.join(':') || 'none',
    GIT_TERMINAL_PROMPT: '0',
    GCM_INTERACTIVE: 'never',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_PAGER: 'cat',
    LC_ALL: 'C',
    LANGUAGE: 'C',
    ...environment,
  };
}
