import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { DatabaseOrigin } from '../../release';
import { fixtureDatabases, pinsDirectory } from '../../tools';
import { goModuleVariables } from '../base-images/go-toolchain';
import type { LocalServices } from '../services/services';

/** What the environment of a build depends on. */
export interface BuildEnvironmentInput {
  /** The checkout of Bowline. */
  readonly root: string;
  readonly services: LocalServices;
  /** Folder of the public keys. */
  readonly keys: string;
  readonly databases: DatabaseOrigin;
}

/** Variables that are copied from this machine: its folders, and how it reaches the network. */
const inheritedVariables = [
  'HOME',
  'LANG',
  'TMPDIR',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'NETRC',
  'NODE_EXTRA_CA_CERTS',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  ...goModuleVariables,
  'GOMODCACHE',
  'GOCACHE',
  'BOWLINE_CACHE',
  'BOWLINE_INSECURE_REGISTRIES',
  'XDG_CACHE_HOME',
] as const;

/**
 * The environment of every build in a local run. It overrides the variables of the CodeBuild project, and contains nothing else of this machine.
 * @throws Error when the fixture databases are needed and this program has no checkout
 */
export function buildEnvironment(
  machine: NodeJS.ProcessEnv,
  { root, services, keys, databases }: BuildEnvironmentInput,
): Readonly<Record<string, string>> {
  if (databases === 'fixture') {
    // Throws without a checkout: fail before anything is built.
    fixtureDatabases();
  }
  const inherited: Record<string, string> = {};
  for (const name of inheritedVariables) {
    const value = machine[name];
    if (value !== undefined) {
      inherited[name] = value;
    }
  }
  return {
    HOME: homedir(),
    ...inherited,
    PATH: `${dirname(process.execPath)}${delimiter}${machine.PATH ?? '/usr/bin:/bin'}`,
    CI: 'true',
    ...services.aws.environment,
    BUILDKIT_HOST: services.buildkit,
    BOWLINE_HOST_NETWORK: '1',
    BOWLINE_MODULE_CREDENTIAL: 'machine',
    // BuildKit keeps its cache between runs, so exporting it to the registry only costs time.
    BOWLINE_CACHE_REPOSITORY: '',
    BOWLINE_REGISTRY_LOGIN: '',
    BOWLINE_PINS: pinsDirectory() ?? join(root, 'tools'),
    BOWLINE_KEYS: keys,
    BOWLINE_BUILDER: 'local',
    BOWLINE_VULNERABILITY_DATABASE: databases,
    BOWLINE_LEDGER_CACHE: join(services.stateDirectory, 'ledger-clones'),
  };
}
