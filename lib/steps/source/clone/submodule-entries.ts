import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Platform, type Service, sourceUrl } from '../../../catalog';
import { badInput } from '../../../errors';
import { gitCommand, run } from '../../../process';
import { resolveSubmoduleUrl, type SubmoduleUrl } from './submodule-url';

/** A section of `.gitmodules`. */
export interface SubmoduleEntry {
  readonly name: string;
  readonly path?: string;
  readonly url?: string;
  readonly update?: string;
}

/**
 * Reads `.gitmodules`. Files that it includes are not read.
 * @param from where git finds it, such as `--file` and a path
 */
export async function readEntries(directory: string, from: readonly string[]): Promise<readonly SubmoduleEntry[]> {
  const options = { directory, config: { 'safe.directory': '*' }, timeoutSeconds: 60 };
  const { exitCode, stdout } = await run(gitCommand(['config', ...from, '-z', '--list'], options));
  const entries = new Map<string, Record<string, string>>();
  for (const field of exitCode === 0 ? stdout.split('\0') : []) {
    const [, name, key, value = ''] = /^submodule\.(.+)\.(path|url|update)\n(.*)$/s.exec(field) ?? [];
    if (name !== undefined && key !== undefined) {
      entries.set(name, { ...entries.get(name), [key]: value });
    }
  }
  return [...entries].map(([name, values]) => ({ name, ...values }));
}

/** @throws BowlineError `recipe` (exit 3) with the reason and the remedy, if the URL is not one that is fetched */
export function requireUrl(service: string, place: string, written: string, resolved: SubmoduleUrl): string {
  if (resolved.ok) {
    return resolved.url;
  }
  const shown = JSON.stringify(written.replace(/\/\/[^/@]*@/, '//'));
  throw badInput(
    'recipe',
    `${service}: .gitmodules: the URL of the submodule ${place}, ${shown}, ${resolved.reason}. ${resolved.remedy}`,
  );
}

/**
 * Checks in a work tree that a pipeline would fetch its submodules. On this machine they are here already, whatever their URLs are.
 * @throws BowlineError `recipe` (exit 3)
 */
export async function checkSubmoduleUrls(platform: Platform, service: Service, checkout: string): Promise<void> {
  const { clone, repository, submodules } = service.source;
  const file = join(checkout, '.gitmodules');
  if (clone !== 'full' || !existsSync(file)) {
    return;
  }
  const origin = sourceUrl(platform, repository);
  for (const { path = '', url = '', update } of await readEntries(checkout, ['--file', file])) {
    if (update !== 'none' && existsSync(join(checkout, path))) {
      requireUrl(service.name, path, url, resolveSubmoduleUrl(url, origin, { origin, repository, submodules }));
    }
  }
}
