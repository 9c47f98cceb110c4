import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { inconclusive } from '../../errors';
import { writeFileAtomic } from '../../process';
import { describeHolder } from './port-holder';

/** Ports on loopback. */
export interface Ports {
  /** Part of image names, and so of manifests and of the ledger. A state folder never changes it. */
  readonly registry: number;
  /** Not part of any name. It changes when another process uses it. */
  readonly aws: number;
}

export interface PortOptions {
  /** Receives a line when the registry's port is in use and this run waits for it. */
  readonly progress?: (line: string) => void;
  /** How long to wait for the registry's port. @default 300, longer than a run that does not build tools */
  readonly waitSeconds?: number;
}

const portSchema = z.int().min(1).max(65_535);
const portsSchema = z.object({ registry: portSchema, aws: portSchema });

/**
 * Chooses the ports of a state folder. The registry keeps the port of the first run, and waits while another process uses it. In the first run,
 * the port is computed from the folder's path, and increased while it is in use.
 * @throws BowlineError `port-in-use` when the port of the registry does not become free in time
 */
export async function choosePorts(stateDirectory: string, options: PortOptions = {}): Promise<Ports> {
  const remembered = readRememberedPorts(stateDirectory);
  const registry =
    remembered === undefined
      ? await firstFreePort(candidatePorts(stateDirectory))
      : await waitForPort(remembered.registry, stateDirectory, options);
  const aws = remembered === undefined || remembered.aws === registry ? registry + 1 : remembered.aws;
  return { registry, aws: await freePort(aws) };
}

/** Call it when the registry has started: from then on, image names contain its port. */
export function rememberPorts(stateDirectory: string, ports: Ports): void {
  writeFileAtomic(portsFile(stateDirectory), `${JSON.stringify(ports)}\n`);
}

function portsFile(stateDirectory: string): string {
  return join(stateDirectory, 'ports.json');
}

/** @throws Error when the file is invalid, since with new ports every image would get another name */
function readRememberedPorts(stateDirectory: string): Ports | undefined {
  const file = portsFile(stateDirectory);
  if (!existsSync(file)) {
    return undefined;
  }
  const text = readFileSync(file, 'utf8');
  try {
    return portsSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${file}: expected {"registry": <port>, "aws": <port>}, found ${JSON.stringify(text.trim().slice(0, 60))}. The registry's port is part of image names: write the port that the manifests in the ledger contain, or remove the state folder ${stateDirectory} to start over`,
    );
  }
}

/** Below the ports that Linux assigns to clients (from 32768) and Kubernetes to node ports (from 30000), and above those of the lab (below 24000). */
const firstPort = 24_000;
const pairs = 3000;
const candidates = 20;

/**
 * Candidate ports for the registry of a state folder, with the next number for the local AWS. They depend on the path, so that different folders
 * rarely get the same port, and a new folder with the same path gets the same one.
 */
export function candidatePorts(stateDirectory: string): readonly number[] {
  const start = createHash('sha256').update(stateDirectory).digest().readUInt32BE(0);
  return Array.from({ length: candidates }, (_, index) => firstPort + 2 * ((start + index) % pairs));
}

async function firstFreePort(ports: readonly number[]): Promise<number> {
  for (const port of ports) {
    if (await isFree(port)) {
      return port;
    }
  }
  return freePort(0);
}

async function waitForPort(
  port: number,
  stateDirectory: string,
  { progress, waitSeconds = 300 }: PortOptions,
): Promise<number> {
  const deadline = Date.now() + waitSeconds * 1000;
  const inUse = () =>
    `port ${port}, which is part of the image names of ${stateDirectory}, is in use by ${describeHolder(port)}`;
  for (let isReported = false; !(await isFree(port)); ) {
    if (Date.now() >= deadline) {
      throw inconclusive(
        'port-in-use',
        `${inUse()}, also after ${waitSeconds} s: wait until that process ends, or end it, and run again. To use another port, choose another state folder (--state, or BOWLINE_STATE)`,
      );
    }
    if (!isReported) {
      progress?.(`${inUse()}: waiting up to ${waitSeconds} s`);
      isReported = true;
    }
    await sleep(Math.min(250, Math.max(0, deadline - Date.now())));
  }
  return port;
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

/** The preferred port on loopback if it is free, and otherwise any free port. */
export async function freePort(preferred: number): Promise<number> {
  return (await listenOnce(preferred)) ?? ((await listenOnce(0)) as number);
}

/** The port of a listener on loopback, which is closed again. Undefined when the port is in use. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      const assigned = typeof address === 'object' && address !== null ? address.port : port;
      probe.close(() => resolve(assigned));
    });
  });
}
