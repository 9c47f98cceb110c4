import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../../steps';

/** Ports on loopback. */
export interface Ports {
  readonly registry: number;
  readonly aws: number;
}

const portSchema = z.int().min(1).max(65_535);
const portsSchema = z.object({ registry: portSchema, aws: portSchema });
const defaults: Ports = { registry: 5510, aws: 5511 };

/**
 * The ports of a state folder: those of the last run, so that image names stay equal from run to run; at first the defaults.
 * One that somebody else has taken is replaced by a free one, and the new one remembered.
 */
export async function choosePorts(stateDirectory: string): Promise<Ports> {
  const file = join(stateDirectory, 'ports.json');
  const wanted = remembered(file);
  const registry = await freePort(wanted.registry);
  const ports = { registry, aws: await freePort(wanted.aws === registry ? 0 : wanted.aws) };
  writeWhole(file, `${JSON.stringify(ports)}\n`);
  return ports;
}

function remembered(file: string): Ports {
  if (!existsSync(file)) {
    return defaults;
  }
  try {
    return portsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return defaults;
  }
}

/** The wanted port on loopback if it is free, else any free one. */
export async function freePort(wanted: number): Promise<number> {
  const take = (port: number) =>
    new Promise<number | undefined>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(undefined));
      probe.listen(port, '127.0.0.1', () => {
        const address = probe.address();
        const given = typeof address === 'object' && address !== null ? address.port : port;
        probe.close(() => resolve(given));
      });
    });
  return (await take(wanted)) ?? ((await take(0)) as number);
}
