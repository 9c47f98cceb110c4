import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../process';
import { writeWhole } from '../../steps';
import { pinsDirectory, toolPath } from '../../tools';
import { answers, type ServerDescription } from './server';

export const serverNames = ['registry', 'buildkitd', 'aws'] as const;
export type ServerName = (typeof serverNames)[number];

/** Debian's registry on loopback, its images in the state folder. */
export function registryServer(stateDirectory: string, port: number): ServerDescription {
  const configuration = join(stateDirectory, 'registry.yaml');
  writeWhole(
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
    isReady: () => answers(`http://127.0.0.1:${port}/v2/`),
    deadlineSeconds: 15,
  };
}

/** The address of BuildKit's socket. A unix socket's path has room for 108 bytes: the folder of the state may be longer than that. */
export function buildkitAddress(stateDirectory: string): string {
  const socket = join(stateDirectory, 'buildkitd.sock');
  if (Buffer.byteLength(socket) > 100) {
    throw new Error(
      `the state folder ${stateDirectory} has too long a path for a socket: choose a shorter one with BOWLINE_STATE`,
    );
  }
  return `unix://${socket}`;
}

/** BuildKit with its cache in the state folder, bounded, and with the machine's network for `go mod download`. */
export function buildkitServer(stateDirectory: string, registryPort: number): ServerDescription {
  if (process.getuid?.() !== 0) {
    throw new Error('the local run starts BuildKit, which makes containers and so needs root: run it as root');
  }
  const address = buildkitAddress(stateDirectory);
  const configuration = join(stateDirectory, 'buildkitd.toml');
  writeWhole(configuration, buildkitConfiguration(stateDirectory, address, registryPort));
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
    deadlineSeconds: 30,
    // The containers of an interrupted build would go on compiling, and their mounts keep the state folder from being removed.
    contained: true,
  };
}

/** `auto` takes overlayfs where the kernel and the folder's file system allow it, else plain copies. */
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

/** KMS, S3 and STS; the signing keys in the state folder. */
export function awsServer(stateDirectory: string, region: string, port: number): ServerDescription {
  const pins = pinsDirectory();
  if (pins === undefined) {
    throw new Error('the local AWS is run from a checkout only: this program has no tools/local-aws beside it');
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
    isReady: () => answers(`http://127.0.0.1:${port}/moto-api/data.json`),
    deadlineSeconds: 30,
  };
}

/** An AWS to deploy stacks to: nothing outlives it. Not one of a run's services, since it stands while runs come and go. */
export function stacksServer(stateDirectory: string, account: string, port: number): ServerDescription {
  const { arguments: words, ...server } = awsServer(stateDirectory, '', port);
  const directory = join(stateDirectory, 'aws');
  return {
    ...server,
    arguments: [words[0] as string, '--port', String(port), '--stacks', account],
    log: join(directory, 'server.log'),
    pidFile: join(directory, `server-${port}.json`),
  };
}

function filesOf(stateDirectory: string, name: ServerName): Pick<ServerDescription, 'log' | 'pidFile'> {
  return { log: join(stateDirectory, 'log', `${name}.log`), pidFile: pidFileOf(stateDirectory, name) };
}

/** Where a server's process is written down. */
export function pidFileOf(stateDirectory: string, name: ServerName): string {
  return join(stateDirectory, 'pids', `${name}.json`);
}
