import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run, writeFileAtomic } from '../../process';
import { pinsDirectory, toolPath } from '../../tools';
import { isAnswering, type ServerDescription } from './server';

export const serverNames = ['registry', 'buildkitd', 'aws'] as const;
export type ServerName = (typeof serverNames)[number];

/** The registry of Debian on loopback, with its images in the state folder. */
export function registryServer(stateDirectory: string, port: number): ServerDescription {
  const configuration = join(stateDirectory, 'registry.yaml');
  writeFileAtomic(
    configuration,
    JSON.stringify({
      version: 0.1,
      log: { level: 'warn' },
      storage: { filesystem: { rootdirectory: join(stateDirectory, 'registry') }, delete: { enabled: true } },
      http: { addr: `127.0.0.1:${port}` },
    }),
  );
  return {
    name: 'the registry',
    program: toolPath('docker-registry'),
    arguments: ['serve', configuration],
    environment: { OTEL_TRACES_EXPORTER: 'none' },
    ...filesOf(stateDirectory, 'registry'),
    isReady: () => isAnswering(`http://127.0.0.1:${port}/v2/`),
    port,
    deadlineSeconds: 120,
  };
}

/** The address of BuildKit's Unix socket. @throws Error when its path is too long: Linux limits it to 108 bytes */
export function buildkitAddress(stateDirectory: string): string {
  const socket = join(stateDirectory, 'buildkitd.sock');
  if (Buffer.byteLength(socket) > 100) {
    throw new Error(
      `the path of the state folder ${stateDirectory} is too long for a Unix socket: choose a shorter one with BOWLINE_STATE`,
    );
  }
  return `unix://${socket}`;
}

/** BuildKit with a cache of limited size in the state folder, and with the machine's network for `go mod download`. */
export function buildkitServer(stateDirectory: string, registryPort: number): ServerDescription {
  if (process.getuid?.() !== 0) {
    throw new Error('the local run starts BuildKit, which needs root to create containers: run it as root');
  }
  const address = buildkitAddress(stateDirectory);
  const configuration = join(stateDirectory, 'buildkitd.toml');
  writeFileAtomic(configuration, buildkitConfiguration(stateDirectory, address, registryPort));
  return {
    name: 'BuildKit',
    program: toolPath('buildkitd'),
    arguments: ['--config', configuration],
    ...filesOf(stateDirectory, 'buildkitd'),
    isReady: async () =>
      existsSync(address.slice('unix://'.length)) &&
      (
        await run({
          program: toolPath('buildctl'),
          arguments: ['--addr', address, 'debug', 'workers'],
          timeoutSeconds: 5,
        })
      ).exitCode === 0,
    deadlineSeconds: 120,
    // Otherwise the containers of an interrupted build keep running, and their mounts keep the state folder from being removed.
    isolated: true,
  };
}

/** The `auto` snapshotter uses overlayfs where the kernel and the file system support it, and otherwise copies. */
function buildkitConfiguration(stateDirectory: string, address: string, registryPort: number): string {
  return `root = ${JSON.stringify(join(stateDirectory, 'buildkit'))}
insecure-entitlements = ["network.host"]
[grpc]
  address = [${JSON.stringify(address)}]
[worker.oci]
  enabled = true
  snapshotter = "auto"
  binary = ${JSON.stringify(toolPath('runc'))}
  networkMode = "host"
  gc = true
  reservedSpace = "1GB"
  maxUsedSpace = "10GB"
[worker.containerd]
  enabled = false
[registry."127.0.0.1:${registryPort}"]
  http = true
`;
}

/** KMS, S3 and STS, with the signing keys in the state folder. */
export function awsServer(stateDirectory: string, region: string, port: number): ServerDescription {
  const pins = pinsDirectory();
  if (pins === undefined) {
    throw new Error('the local AWS needs a checkout of Bowline, which has tools/local-aws');
  }
  const state = join(stateDirectory, 'kms');
  return {
    name: 'the local AWS',
    program: toolPath('local-aws'),
    arguments: [
      join(pins, 'local-aws', 'server.py'),
      ...['--port', String(port)],
      ...['--state', state],
      ...['--region', region],
    ],
    environment: { PYTHONWARNINGS: 'ignore', PYTHONDONTWRITEBYTECODE: '1' },
    ...filesOf(stateDirectory, 'aws'),
    isReady: () => isAnswering(`http://127.0.0.1:${port}/moto-api/data.json`),
    port,
    deadlineSeconds: 120,
  };
}

/** A local AWS to deploy stacks to. It keeps nothing when it stops, and runs independently of local runs. */
export function stacksServer(stateDirectory: string, account: string, port: number): ServerDescription {
  const { arguments: awsArguments, ...server } = awsServer(stateDirectory, '', port);
  const directory = join(stateDirectory, 'aws');
  return {
    ...server,
    arguments: [awsArguments[0] as string, '--port', String(port), '--stacks', account],
    log: join(directory, 'server.log'),
    pidFile: join(directory, `server-${port}.json`),
  };
}

function filesOf(stateDirectory: string, name: ServerName): Pick<ServerDescription, 'log' | 'pidFile'> {
  return { log: join(stateDirectory, 'log', `${name}.log`), pidFile: pidFileOf(stateDirectory, name) };
}

/** The pid file of a server. */
export function pidFileOf(stateDirectory: string, name: ServerName): string {
  return join(stateDirectory, 'pids', `${name}.json`);
}
