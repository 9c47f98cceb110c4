import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * What tools get of Docker's configuration: how to log in to registries. Other settings, such as proxies, headers and plugins, stay out.
 * @returns the text of a config.json
 */
export function dockerCredentials(from: NodeJS.ProcessEnv = process.env): string {
  const file = join(from.DOCKER_CONFIG ?? join(from.HOME ?? homedir(), '.docker'), 'config.json');
  const { auths, credHelpers, credsStore } = readObject(file);
  return JSON.stringify({ auths, credHelpers, credsStore });
}

function readObject(file: string): Readonly<Record<string, unknown>> {
  if (!existsSync(file)) {
    return {};
  }
  try {
    const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch (error) {
    throw new Error(`${file} is not JSON: correct it, or log in again (${(error as Error).message})`);
  }
}
