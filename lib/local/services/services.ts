import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { acquireLock } from '../../tools';
import { choosePorts, type Ports, rememberPorts } from './choose-ports';
import { endLeftover } from './pid-file';
import { type RunningServer, startServer } from './server';
import {
  awsServer,
  buildkitAddress,
  buildkitServer,
  pidFileOf,
  registryServer,
  serverNames,
} from './server-descriptions';
import { ensureSigningKey } from './signing-key';

/** The registry, BuildKit and the local AWS on this machine. */
export interface LocalServices {
  /** `host:port` of the registry. It is the same in every run of a state folder, since it is part of image names. */
  readonly registry: string;
  /** Value of BUILDKIT_HOST. */
  readonly buildkit: string;
  readonly aws: { readonly endpoint: string; readonly environment: Readonly<Record<string, string>> };
  readonly stateDirectory: string;
  /** Releases the services. They stop when their last user in this process has released them. */
  stop(): Promise<void>;
}

export interface LocalServicesOptions {
  readonly stateDirectory: string;
  readonly region: string;
  /** KMS aliases to create a signing key for, unless they have one. */
  readonly keys: readonly string[];
  /** S3 buckets to create unless they exist. @default none */
  readonly buckets?: readonly string[];
  /** Endpoint of a running local AWS. @default a local AWS that is started with the other services */
  readonly aws?: string;
  /** Receives a line when the start waits for another process that uses the state folder or the port of its registry. */
  readonly progress?: (line: string) => void;
  /** How long to wait for the port of the registry. @default as choosePorts */
  readonly portWaitSeconds?: number;
}

/** The folder for registry, build cache, keys and ledgers. */
export function defaultStateDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.BOWLINE_STATE ?? join(environment.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'bowline');
}

/**
 * Starts the registry, BuildKit and the local AWS on loopback. Their data is in the state folder, which one process uses at a time, while others
 * wait. Within a process, all users of a state folder share the services.
 * @throws Error with the end of the log of the server that does not start
 */
export async function startLocalServices(options: LocalServicesOptions): Promise<LocalServices> {
  const stateDirectory = resolve(options.stateDirectory);
  const { region } = options;
  const { ports, endpoint } = await acquireServices(stateDirectory, options);
  let isReleased = false;
  const services: LocalServices = {
    registry: `127.0.0.1:${ports.registry}`,
    buildkit: buildkitAddress(stateDirectory),
    aws: { endpoint, environment: localAwsEnvironment(endpoint, region) },
    stateDirectory,
    stop: async () => {
      if (!isReleased) {
        isReleased = true;
        await releaseServices(stateDirectory);
      }
    },
  };
  try {
    for (const alias of options.keys) {
      await ensureSigningKey({ endpoint, region }, alias);
    }
    for (const bucket of options.buckets ?? []) {
      // Loaded only here: most runs need no bucket, and so no S3 client.
      const { ensureBucket, localS3 } = await import('./local-s3');
      await ensureBucket(localS3({ endpoint, region }), region, bucket);
    }
  } catch (error) {
    await services.stop();
    throw error;
  }
  return services;
}

/** The environment of a client of a local AWS: its endpoint, and credentials that no other AWS accepts. */
export function localAwsEnvironment(endpoint: string, region: string, accessKey = 'local') {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
  } as const;
}

interface RunningServices {
  readonly ports: Ports;
  /** Endpoint of the local AWS. */
  readonly endpoint: string;
  readonly region: string;
  stop(): Promise<void>;
}

interface SharedServices {
  readonly running: Promise<RunningServices>;
  users: number;
}

/** The services that this process uses, by state folder. */
const sharedServices = new Map<string, SharedServices>();

/** Starts the services of a state folder, or shares the running ones. Every call needs a call of `releaseServices`. */
async function acquireServices(stateDirectory: string, options: LocalServicesOptions): Promise<RunningServices> {
  let shared = sharedServices.get(stateDirectory);
  if (shared === undefined) {
    shared = { running: startServers(stateDirectory, options), users: 0 };
    sharedServices.set(stateDirectory, shared);
    shared.running.catch(() => sharedServices.delete(stateDirectory));
  }
  shared.users++;
  const running = await shared.running;
  if (running.region !== options.region) {
    await releaseServices(stateDirectory);
    throw new Error(
      `the local AWS of ${stateDirectory} runs for ${running.region}, not for ${options.region}: use another state folder`,
    );
  }
  if (options.aws !== undefined && running.endpoint !== options.aws) {
    await releaseServices(stateDirectory);
    throw new Error(
      `the services of ${stateDirectory} run with the local AWS ${running.endpoint}, not with ${options.aws}`,
    );
  }
  return running;
}

async function releaseServices(stateDirectory: string): Promise<void> {
  const shared = sharedServices.get(stateDirectory);
  if (shared !== undefined && --shared.users === 0) {
    sharedServices.delete(stateDirectory);
    await (await shared.running).stop();
  }
}

async function startServers(stateDirectory: string, options: LocalServicesOptions): Promise<RunningServices> {
  const { region, aws, progress, portWaitSeconds } = options;
  mkdirSync(stateDirectory, { recursive: true });
  const releaseLock = await acquireLock(join(stateDirectory, 'services.lock'), (holder) =>
    progress?.(`waiting for process ${holder}, which uses the services of ${stateDirectory}`),
  );
  const servers: RunningServer[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    releaseLock();
  };
  try {
    // The servers of a killed run may still use the ports.
    await Promise.all(serverNames.map((name) => endLeftover(pidFileOf(stateDirectory, name))));
    const ports = await choosePorts(stateDirectory, { progress, waitSeconds: portWaitSeconds });
    const descriptions = [
      registryServer(stateDirectory, ports.registry),
      buildkitServer(stateDirectory, ports.registry),
    ];
    if (aws === undefined) {
      descriptions.push(awsServer(stateDirectory, region, ports.aws));
    }
    const results = await Promise.allSettled(
      descriptions.map(async (description) => {
        servers.push(await startServer(description));
      }),
    );
    const failed = results.find((result): result is PromiseRejectedResult => result.status === 'rejected');
    if (failed) {
      throw failed.reason;
    }
    rememberPorts(stateDirectory, ports);
    // With the host name localhost, and not with an IP address, the AWS clients and the local AWS agree on path-style addresses.
    return { ports, endpoint: aws ?? `http://localhost:${ports.aws}`, region, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
