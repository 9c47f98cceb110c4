import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from './fill-template';
import { packagePath, readTemplate } from './read-template';

/** The module path of examples/hello. */
const exampleModule = 'example.com/hello';

/**
 * Files of a new service that are the same in examples/hello. They exist only in the example, where they are compiled and tested as ordinary Go
 * code. A generator that copies them into the template would keep two copies of each file in the repository.
 */
const exampleFiles = [
  'go.mod',
  'go.sum',
  'internal/telemetry/log.go',
  'internal/telemetry/metrics.go',
  'internal/telemetry/observer.go',
  'internal/telemetry/tracing.go',
  'internal/version/version.go',
];

/** Reads the template of a new service: templates/service, and the shared files of examples/hello. */
export function readServiceTemplate(): Files {
  const files = new Map(readTemplate('service'));
  for (const file of exampleFiles) {
    const text = readFileSync(packagePath(join('examples', 'hello', file)), 'utf8');
    files.set(file, text.replaceAll(exampleModule, '__MODULE__'));
  }
  return files;
}
