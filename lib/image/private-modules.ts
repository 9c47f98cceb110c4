import type { PrivateModules } from '../catalog';
import { runArgv } from './run-argv';

/** The BuildKit secrets that the download of private modules mounts. A secret that a build does not have is not mounted. */
export const moduleSecrets = {
  /** A netrc file: Go and git read it from the home directory. */
  netrc: { id: 'module-netrc', path: '/root/.netrc' },
  /** The configuration of git, which names the certificates. */
  gitConfig: { id: 'module-gitconfig', path: '/root/.gitconfig' },
  /** Certificates in PEM format. Go trusts every file of this folder in addition to its bundle (crypto/x509, root_unix.go). */
  ca: { id: 'module-ca', path: '/etc/ssl/certs/bowline-modules.crt' },
} as const;

/**
 * The variables with which Go and git fetch private modules (https://go.dev/ref/mod#environment-variables). All are set, because a variable of the
 * builder such as GONOSUMDB overrides GOPRIVATE.
 */
export function moduleVariables(modules: PrivateModules): Readonly<Record<string, string>> {
  const patterns = modules.private.join(',');
  return {
    GOPRIVATE: patterns,
    // With a proxy, private modules come from it too; without one, from their git hosts.
    GONOPROXY: modules.proxy === undefined ? patterns : 'none',
    GONOSUMDB: patterns,
    // No second entry: a module that the proxy lacks must not be looked for in public, where anyone can publish its name.
    ...(modules.proxy === undefined ? {} : { GOPROXY: modules.proxy }),
    GOAUTH: 'netrc',
    GIT_TERMINAL_PROMPT: '0',
  };
}

/** The hosts of the patterns, sorted. A host can begin with a wildcard. */
export function privateHosts(modules: PrivateModules): readonly string[] {
  return [...new Set(modules.private.map((pattern) => pattern.split('/')[0] ?? ''))].sort();
}

/**
 * Renders the configuration of git: the certificates for the hosts of private modules only, beside those of the system.
 * @param caFile where the certificates of `modules.ca` are
 */
export function renderGitConfig(modules: PrivateModules, caFile: string): string {
  return privateHosts(modules)
    .map((host) => `[http "https://${host}/"]\n\tsslCAInfo = ${caFile}\n\tsslCAPath = /etc/ssl/certs\n`)
    .join('');
}

/** Renders the instructions that download and verify the modules. Only the download sees the credential, and no layer contains it. */
export function renderModuleDownload(modules: PrivateModules | undefined): readonly string[] {
  const download = ['go', 'mod', 'download'];
  const verify = runArgv([], ['go', 'mod', 'verify']);
  if (modules === undefined) {
    return [runArgv([], download), verify];
  }
  const variables = { HOME: '/root', ...moduleVariables(modules) };
  const { netrc, gitConfig, ca } = moduleSecrets;
  const mounts = modules.ca === undefined ? [netrc] : [netrc, gitConfig, ca];
  return [
    `ENV ${Object.entries(variables)
      .map(([name, value]) => `${name}="${value}"`)
      .join(' ')}`,
    runArgv(
      mounts.map(({ id, path }) => `--mount=type=secret,id=${id},target=${path}`),
      download,
    ),
    verify,
  ];
}
