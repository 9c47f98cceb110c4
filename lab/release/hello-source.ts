import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceVersion } from './service-version';

/** Writes the source of a version to a directory. */
export function writeHello(directory: string, { version, fault = {} }: ServiceVersion): void {
  cpSync(join(__dirname, '..', '..', 'examples', 'hello'), directory, { recursive: true });
  writeFileSync(join(directory, 'internal', 'version', 'VERSION'), `${version}\n`);
  writeFileSync(join(directory, 'internal', 'fault', 'fault.json'), `${JSON.stringify(fault)}\n`);
}
