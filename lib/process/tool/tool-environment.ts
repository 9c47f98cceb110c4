import { delimiter, isAbsolute, join } from 'node:path';

/** What a tool may use of this process, in addition to programs, proxies and certificate authorities. */
export type ToolAccess =
  /** Log in to registries, with the credentials of Docker's configuration and those of AWS. */
  | 'registry'
  /** Sign with a key of AWS KMS, or with a key file and its password. */
  | 'signing-key'
  /** Find and download Go modules, as Go is set up on this machine. */
  | 'go-modules';

/** The folders of one run of a tool. All are empty, and belong to this run alone. */
export interface ToolFolders {
  readonly work: string;
  readonly home: string;
  readonly temporary: string;
  /** Has the configuration files of the run. */
  readonly configuration: string;
}

/** Without these a program does not find other programs, the network or its certificate authorities. */
const everyTool = /^(?:PATH|SSL_CERT_FILE|SSL_CERT_DIR|(?:HTTP|HTTPS|ALL|NO)_PROXY|(?:http|https|all|no)_proxy)$/;

/** The variables of AWS that say who calls, and where (https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html). */
const aws =
  /^AWS_(?:REGION|DEFAULT_REGION|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_CREDENTIALS_RELATIVE_URI|CONTAINER_CREDENTIALS_FULL_URI|CONTAINER_AUTHORIZATION_TOKEN|CONTAINER_AUTHORIZATION_TOKEN_FILE|CA_BUNDLE|ENDPOINT_URL|ENDPOINT_URL_KMS|EC2_METADATA_DISABLED|EC2_METADATA_SERVICE_ENDPOINT|USE_FIPS_ENDPOINT|USE_DUALSTACK_ENDPOINT|ECR_DISABLE_CACHE)$/;

const allowed: Readonly<Record<ToolAccess, RegExp>> = {
  registry: aws,
  'signing-key': new RegExp(`${aws.source}|^COSIGN_PASSWORD$`),
  'go-modules': /^$/,
};

/**
 * The complete environment of a tool: allowed variables, an empty home, and folders of its own. A variable that is not listed, such as GRYPE_CONFIG,
 * TRIVY_IGNOREFILE, COSIGN_REPOSITORY, GOFLAGS or PYTHONPATH, does not reach it.
 */
export function toolEnvironment(
  access: readonly ToolAccess[],
  { home, temporary, configuration }: ToolFolders,
  from: NodeJS.ProcessEnv = process.env,
): Readonly<Record<string, string>> {
  const isAllowed = (name: string) => everyTool.test(name) || access.some((kind) => allowed[kind].test(name));
  return {
    ...Object.fromEntries(
      Object.entries(from).filter((entry): entry is [string, string] => isAllowed(entry[0]) && entry[1] !== undefined),
    ),
    ...(from.PATH === undefined ? {} : { PATH: absoluteFolders(from.PATH) }),
    ...(access.includes('registry') ? { DOCKER_CONFIG: join(configuration, 'docker') } : {}),
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    XDG_STATE_HOME: join(home, '.local', 'state'),
    // Programs look for the configuration of the machine there.
    XDG_CONFIG_DIRS: configuration,
    TMPDIR: temporary,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
  };
}

/** An empty or relative entry of PATH would be a folder of the source, for a tool that runs there. */
function absoluteFolders(path: string): string {
  return path.split(delimiter).filter(isAbsolute).join(delimiter);
}
