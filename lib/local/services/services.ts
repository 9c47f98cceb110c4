import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../process';
import { pinsDirectory, toolPath } from '../../tools';
import { writeWhole } from '../../verbs';
import { answers, freePort, type RunningServer, startServer } from './server';

/** What stands in for AWS and a registry on one machine. */
export interface LocalServices {
  /** `host:port` of the registry; the same in every run of one state folder, so that image names stay equal. */
  readonly registry: string;
  /** For BUILDKIT_HOST. */
  readonly buildkit: string;
  readonly aws: { readonly endpoint: string; readonly environment: Readonly<Record<string, string>> };
  readonly stateDirectory: string;
  stop(): Promise<void>;
}

export interface LocalServicesOptions {
  readonly stateDirectory: string;
  readonly region: string;
  /** KMS aliases that must have a signing key. */
  readonly keys: readonly string[];
}

/** Where the local run keeps registry, build cache, keys and ledgers. */
export function defaultStateDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.BOWLINE_STATE ?? join(environment.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'bowline');
}

/** Starts registry, BuildKit and local AWS on loopback, all at once. Everything they keep lies in the state folder. */
export async function startLocalServices(options: LocalServicesOptions): Promise<LocalServices> {
  const { stateDirectory } = options;
  mkdirSync(stateDirectory, { recursive: true });
  const ports = await choosePorts(stateDirectory);
  const started: RunningServer[] = [];
  const keep = async (starting: Promise<RunningServer>) => {
    started.push(await starting);
  };
  const results = await Promise.allSettled([
    keep(startRegistry(stateDirectory, ports.registry)),
    keep(startBuildkit(stateDirectory, ports.registry)),
    keep(startAws(options, ports.aws)),
  ]);
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
  };
  const failed = results.find((result): result is PromiseRejectedResult => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    registry: `127.0.0.1:${ports.registry}`,
    buildkit: buildkitAddress(stateDirectory),
    // By this name the AWS clients and the local AWS agree on path-style addresses.
    aws: {
      endpoint: `http://localhost:${ports.aws}`,
      environment: {
        AWS_ENDPOINT_URL: `http://localhost:${ports.aws}`,
        AWS_REGION: options.region,
        AWS_DEFAULT_REGION: options.region,
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    },
    stateDirectory,
    stop,
  };
}

interface Ports {
  readonly registry: number;
  readonly aws: number;
}

async function choosePorts(stateDirectory: string): Promise<Ports> {
  const file = join(stateDirectory, 'ports.json');
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Ports) : { registry: 5510, aws: 5511 };
  const ports = { registry: await freePort(known.registry), aws: await freePort(known.aws) };
  writeWhole(file, `${JSON.stringify(ports)}\n`);
  return ports;
}

function startRegistry(stateDirectory: string, port: number): Promise<RunningServer> {
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
  return startServer({
    name: 'the registry',
    program: toolPath('docker-registry'),
    arguments: ['serve', configuration],
    environment: { OTEL_TRACES_EXPORTER: 'none' },
    log: join(stateDirectory, 'log', 'registry.log'),
    isReady: () => answers(`http://127.0.0.1:${port}/v2/`),
    deadlineSeconds: 15,
  });
}

/** A unix socket has room for about 100 characters: the folder of the state may be longer than that. */
function buildkitAddress(stateDirectory: string): string {
  const socket = join(stateDirectory, 'buildkitd.sock');
  if (socket.length > 100) {
    throw new Error(
      `the state folder ${stateDirectory} has too long a path for a socket: choose a shorter one with BOWLINE_STATE`,
    );
  }
  return `unix://${socket}`;
}

function startBuildkit(stateDirectory: string, registryPort: number): Promise<RunningServer> {
  const address = buildkitAddress(stateDirectory);
  const configuration = join(stateDirectory, 'buildkitd.toml');
  writeWhole(
    configuration,
    `root = ${JSON.stringify(join(stateDirectory, 'buildkit'))}
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
`,
  );
  const ready = async () =>
    (
      await run({
        program: toolPath('buildctl'),
        arguments: ['--addr', address, 'debug', 'workers'],
        timeoutSeconds: 5,
      })
    ).exitCode === 0;
  return startServer({
    name: 'BuildKit',
    program: toolPath('buildkitd'),
    arguments: ['--config', configuration],
    log: join(stateDirectory, 'log', 'buildkitd.log'),
    isReady: ready,
    deadlineSeconds: 30,
  });
}

function startAws({ stateDirectory, region, keys }: LocalServicesOptions, port: number): Promise<RunningServer> {
  const server = join(pinsDirectory() ?? '', 'local-aws', 'server.py');
  return startServer({
    name: 'the local AWS',
    program: toolPath('local-aws'),
    arguments: [
      server,
      '--port',
      String(port),
      '--state',
      join(stateDirectory, 'kms'),
      '--region',
      region,
      ...keys.flatMap((alias) => ['--key', alias]),
    ],
    environment: { PYTHONWARNINGS: 'ignore', PYTHONDONTWRITEBYTECODE: '1' },
    log: join(stateDirectory, 'log', 'aws.log'),
    isReady: () => answers(`http://127.0.0.1:${port}/moto-api/data.json`),
    deadlineSeconds: 30,
  });
}
