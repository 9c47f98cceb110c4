import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fixtureDatabases, pinsDirectory } from '../../tools';
import { goModuleVariables } from '../base-images/go-toolchain';
import type { LocalServices } from '../services/services';
import type { Databases } from './pipeline-source';

/** What of this machine and of this run the builds are told. */
export interface BuildMachine {
  /** The checkout of Bowline. */
  readonly root: string;
  readonly services: LocalServices;
  /** Folder of the public keys. */
  readonly keys: string;
  readonly databases: Databases;
}

/** Variables of this machine that a build needs to reach the network as this machine does. */
const passedOn = [
  'HOME',
  'LANG',
  'TMPDIR',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
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

/** The environment of every build of a local run: it wins over what a project says, and nothing else of this machine's is seen. */
export function buildEnvironment(
  machine: NodeJS.ProcessEnv,
  { root, services, keys, databases }: BuildMachine,
): Readonly<Record<string, string>> {
  if (databases === 'fixture') {
    // Where there is none, that is said before anything is built.
    fixtureDatabases();
  }
  const own = Object.fromEntries(
    passedOn.flatMap((name) => (machine[name] === undefined ? [] : [[name, machine[name]]])),
  );
  return {
    HOME: homedir(),
    ...own,
    PATH: `${dirname(process.execPath)}${delimiter}${machine.PATH ?? '/usr/bin:/bin'}`,
    CI: 'true',
    ...services.aws.environment,
    BUILDKIT_HOST: services.buildkit,
    BOWLINE_HOST_NETWORK: '1',
    // The daemon keeps its cache between runs: exporting it to the registry as well would only cost time.
    BOWLINE_CACHE_REPOSITORY: '',
    BOWLINE_REGISTRY_LOGIN: '',
    BOWLINE_PINS: pinsDirectory() ?? join(root, 'tools'),
    BOWLINE_KEYS: keys,
    BOWLINE_VULNERABILITY_DATABASE: databases,
    BOWLINE_LEDGER_CACHE: join(services.stateDirectory, 'ledger-clones'),
  };
}
