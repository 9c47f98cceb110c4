import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { withLock } from '../../tools';
import { awsServer, buildkitAddress, buildkitServer, pidFileOf, registryServer, serverNames } from './descriptions';
import { endLeftover } from './pid-file';
import { choosePorts, type Ports, rememberPorts } from './ports';
import { type RunningServer, startServer } from './server';
import { ensureSigningKey } from './signing-key';

/** What stands in for AWS and a registry on one machine. */
export interface LocalServices {
  /** `host:port` of the registry; the same in every run of one state folder, so that image names stay equal. */
  readonly registry: string;
  /** For BUILDKIT_HOST. */
  readonly buildkit: string;
  readonly aws: { readonly endpoint: string; readonly environment: Readonly<Record<string, string>> };
  readonly stateDirectory: string;
  /** Gives them back. They end when the last one in this process who asked for them has given them back. */
  stop(): Promise<void>;
}

export interface LocalServicesOptions {
  readonly stateDirectory: string;
  readonly region: string;
  /** KMS aliases that must have a signing key. */
  readonly keys: readonly string[];
  /** Buckets that S3 must have. @default none */
  readonly buckets?: readonly string[];
  /** Endpoint of a local AWS that runs already: then this one starts none. @default one of its own */
  readonly aws?: string;
  /** Told when another process has the state folder's services, or the port of its registry, and this one waits for them. */
  readonly progress?: (line: string) => void;
  /** How long to wait for the port of the registry. @default as choosePorts */
  readonly portWaitSeconds?: number;
}

/** Where the local run keeps registry, build cache, keys and ledgers. */
export function defaultStateDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.BOWLINE_STATE ?? join(environment.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'bowline');
}

/**
 * Starts registry, BuildKit and local AWS on loopback, all at once. Everything they keep lies in the state folder, which one process
 * uses at a time: another one waits. Within a process they are shared.
 * @throws Error with the end of the log of the server that did not start
 */
export async function startLocalServices(options: LocalServicesOptions): Promise<LocalServices> {
  const stateDirectory = resolve(options.stateDirectory);
  const { region } = options;
  const shared = await share(stateDirectory, options);
  const endpoint = shared.aws;
  let given = true;
  const services: LocalServices = {
    registry: `127.0.0.1:${shared.ports.registry}`,
    buildkit: buildkitAddress(stateDirectory),
    aws: { endpoint, environment: localAwsEnvironment(endpoint, region) },
    stateDirectory,
    stop: async () => {
      if (given) {
        given = false;
        await giveBack(stateDirectory);
      }
    },
  };
  try {
    for (const alias of options.keys) {
      await ensureSigningKey({ endpoint, region }, alias);
    }
    for (const bucket of options.buckets ?? []) {
      // Most runs need none, and no client of S3.
      const [{ ensureBucket }, { localS3 }] = await Promise.all([import('./bucket'), import('./local-s3')]);
      await ensureBucket(localS3({ endpoint, region }), region, bucket);
    }
  } catch (error) {
    await services.stop();
    throw error;
  }
  return services;
}

/** What a client of a local AWS is told: where it is, and credentials that mean nothing anywhere else. */
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

interface Running {
  readonly ports: Ports;
  /** Endpoint of the local AWS. */
  readonly aws: string;
  readonly region: string;
  stop(): Promise<void>;
}

interface Shared {
  readonly running: Promise<Running>;
  users: number;
}

/** What runs in this process, by state folder. */
const inUse = new Map<string, Shared>();

async function share(stateDirectory: string, options: LocalServicesOptions): Promise<Running> {
  const shared = inUse.get(stateDirectory) ?? begin(stateDirectory, options);
  shared.users++;
  const running = await shared.running;
  if (running.region !== options.region) {
    await giveBack(stateDirectory);
    throw new Error(
      `the local AWS of ${stateDirectory} runs for ${running.region}, not for ${options.region}: use another state folder`,
    );
  }
  if (options.aws !== undefined && running.aws !== options.aws) {
    await giveBack(stateDirectory);
    throw new Error(`the services of ${stateDirectory} run with the local AWS ${running.aws}, not with ${options.aws}`);
  }
  return running;
}

function begin(stateDirectory: string, options: LocalServicesOptions): Shared {
  const shared = { running: startAll(stateDirectory, options), users: 0 };
  inUse.set(stateDirectory, shared);
  shared.running.catch(() => inUse.delete(stateDirectory));
  return shared;
}

async function giveBack(stateDirectory: string): Promise<void> {
  const shared = inUse.get(stateDirectory);
  if (shared !== undefined && --shared.users === 0) {
    inUse.delete(stateDirectory);
    await (await shared.running).stop();
  }
}

async function startAll(stateDirectory: string, options: LocalServicesOptions): Promise<Running> {
  const { region, aws, progress, portWaitSeconds: waitSeconds } = options;
  mkdirSync(stateDirectory, { recursive: true });
  const release = await hold(join(stateDirectory, 'services.lock'), (holder) =>
    progress?.(`process ${holder} uses the services of ${stateDirectory}: waiting`),
  );
  const servers: RunningServer[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await release();
  };
  try {
    // What a killed run left behind would still have the ports.
    await Promise.all(serverNames.map((name) => endLeftover(pidFileOf(stateDirectory, name))));
    const ports = await choosePorts(stateDirectory, { progress, waitSeconds });
    const descriptions = [
      registryServer(stateDirectory, ports.registry),
      buildkitServer(stateDirectory, ports.registry),
      ...(aws === undefined ? [awsServer(stateDirectory, region, ports.aws)] : []),
    ];
    const results = await Promise.allSettled(
      descriptions.map(async (description) => servers.push(await startServer(description))),
    );
    const failed = results.find((result): result is PromiseRejectedResult => result.status === 'rejected');
    if (failed) {
      throw failed.reason;
    }
    rememberPorts(stateDirectory, ports);
    // By this name, and not by its number, the AWS clients and the local AWS agree on path-style addresses.
    return { ports, aws: aws ?? `http://localhost:${ports.aws}`, region, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Takes a lock until it is released by the function that this answers with. */
function hold(path: string, onWait: (holder: number) => void): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const held = withLock(
      path,
      () =>
        new Promise<void>((done) =>
          resolve(() => {
            done();
            return held;
          }),
        ),
      onWait,
    );
    held.catch(reject);
  });
}
