import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { writeWhole } from '../../steps';
import { describeHolder } from './port-holder';

/** Ports on loopback. */
export interface Ports {
  /** Part of image names, and so of manifests and of the ledger: a state folder keeps it for good. */
  readonly registry: number;
  /** Part of no name: another one may take its place. */
  readonly aws: number;
}

export interface PortOptions {
  /** Told when the registry's port is in use, and this run waits for it. */
  readonly progress?: ((line: string) => void) | undefined;
  /** How long to wait for the registry's port. @default 300, more than a run takes that has nothing to build first */
  readonly waitSeconds?: number | undefined;
}

/** The registry's port is part of image names, and another process has it. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  readonly code = 'port-in-use';
}

const portSchema = z.int().min(1).max(65_535);
const portsSchema = z.object({ registry: portSchema, aws: portSchema });

/**
 * The ports of a state folder. The registry's is the remembered one, which is waited for where it is in use. A folder that has none yet takes
 * the one of its path, or the next that is free.
 * @throws PortInUseError when the remembered one does not become free in time
 */
export async function choosePorts(stateDirectory: string, options: PortOptions = {}): Promise<Ports> {
  const remembered = rememberedPorts(stateDirectory);
  const registry =
    remembered === undefined
      ? await firstFreePort(portsOfPath(stateDirectory))
      : await waitForPort(remembered.registry, stateDirectory, options);
  const aws = remembered === undefined || remembered.aws === registry ? registry + 1 : remembered.aws;
  return { registry, aws: await freePort(aws) };
}

/** To be called once the registry has the port: from then on there are image names with it. */
export function rememberPorts(stateDirectory: string, ports: Ports): void {
  writeWhole(fileOf(stateDirectory), `${JSON.stringify(ports)}\n`);
}

function fileOf(stateDirectory: string): string {
  return join(stateDirectory, 'ports.json');
}

/** @throws Error when they cannot be read: others would give every image another name */
function rememberedPorts(stateDirectory: string): Ports | undefined {
  const file = fileOf(stateDirectory);
  if (!existsSync(file)) {
    return undefined;
  }
  const text = readFileSync(file, 'utf8');
  try {
    return portsSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${file}: expected {"registry": <port>, "aws": <port>}, found ${JSON.stringify(text.trim().slice(0, 60))}. The registry's port is part of image names: write the one that the manifests of the ledger name, or remove the state folder ${stateDirectory} to begin again.`,
    );
  }
}

/** Below the ports that Linux gives to clients (from 32768) and Kubernetes to nodes (from 30000); the lab's own are below 24000. */
const firstPort = 24_000;
const pairs = 3000;
const candidates = 20;

/**
 * Ports for a registry, each with a free number after it. From the path: folders differ in their ports from their first run on, and a folder
 * that is made again has the same.
 */
export function portsOfPath(stateDirectory: string): readonly number[] {
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
  for (let told = false; !(await isFree(port)); ) {
    if (Date.now() >= deadline) {
      throw new PortInUseError(
        `${inUse()}, also after ${waitSeconds} s: wait until that process ends, or end it, and run again. Another state folder has another port: --state, or BOWLINE_STATE.`,
      );
    }
    if (!told) {
      progress?.(`${inUse()}: waiting up to ${waitSeconds} s`);
      told = true;
    }
    await sleep(Math.min(250, Math.max(0, deadline - Date.now())));
  }
  return port;
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

/** The wanted port on loopback if it is free, else any free one. */
export async function freePort(wanted: number): Promise<number> {
  return (await listenOnce(wanted)) ?? ((await listenOnce(0)) as number);
}

/** The port that a listener on loopback was given, or undefined where it was refused. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      const given = typeof address === 'object' && address !== null ? address.port : port;
      probe.close(() => resolve(given));
    });
  });
}
