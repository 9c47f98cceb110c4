import { join } from 'node:path';
import { badInput, inconclusive } from '../../../errors';
import { type Clone, fetchIn, gitIn, isNetworkFailure } from './clone';
import { readEntries, requireUrl, type SubmoduleEntry } from './submodule-entries';
import { isConnection, resolveSubmoduleUrl } from './submodule-url';

/** Submodules of submodules are followed to this depth. No public Go repository is known that has more than three levels. */
const maxDepth = 8;
/** A submodule may be large, and hosts are slow. */
const timeoutSeconds = 600;

/**
 * Fetches the submodules of a clone, and theirs: each at the commit that the commit above it names.
 * @returns all submodules, in the order in which they were fetched
 * @throws BowlineError `recipe` (exit 3) if `.gitmodules` names something that is not fetched, or that needs a login; `failed` (exit 1) if the
 *   network fails
 */
export async function fetchSubmodules(clone: Clone, depth = 1): Promise<readonly Clone[]> {
  const links = await readLinks(clone);
  if (links.length === 0) {
    return [];
  }
  if (depth > maxDepth) {
    throw badInput(
      'recipe',
      `${clone.service}: the submodules of ${clone.path} are nested more than ${maxDepth} levels deep`,
    );
  }
  const entries = await readEntries(clone.directory, ['--blob', 'HEAD:.gitmodules']);
  const fetched: Clone[] = [];
  for (const { path, commit } of links) {
    const entry = entries.find((candidate) => candidate.path === path);
    const place = clone.path === '' ? path : `${clone.path}/${path}`;
    if (entry === undefined) {
      throw badInput(
        'recipe',
        `${clone.service}: ${place} is a submodule without a URL in .gitmodules: add it with git submodule add, or remove it with git rm --cached ${path}`,
      );
    }
    if (entry.update === 'none') {
      continue;
    }
    const submodule = await fetchOne(clone, { ...entry, path, commit, place });
    clone.reporter.note(`submodule ${place} at ${commit.slice(0, 12)} from ${submodule.url}`);
    fetched.push(submodule, ...(await fetchSubmodules(submodule, depth + 1)));
  }
  return fetched;
}

interface Link {
  readonly path: string;
  readonly commit: string;
}

async function readLinks(clone: Clone): Promise<readonly Link[]> {
  return (await gitIn(clone, ['ls-tree', '-r', '-z', '--full-tree', 'HEAD'])).split('\0').flatMap((line) => {
    const match = /^160000 commit ([0-9a-f]{40,64})\t(.+)$/s.exec(line);
    return match === null ? [] : [{ commit: match[1] as string, path: match[2] as string }];
  });
}

async function fetchOne(
  clone: Clone,
  { name, path, commit, place, url: written = '' }: SubmoduleEntry & Link & { readonly place: string },
): Promise<Clone> {
  const { service } = clone;
  if (!/^[A-Za-z0-9._/ +@-]+$/.test(name) || name.startsWith('-') || name.split('/').includes('..')) {
    throw badInput(
      'recipe',
      `${service}: .gitmodules: ${JSON.stringify(name)} is not a name of a submodule: rename it`,
    );
  }
  const url = requireUrl(service, place, written, resolveSubmoduleUrl(written, clone.url, clone.host));
  // git uses this URL, and not the one that it would read from .gitmodules.
  await gitIn(clone, ['config', '--local', `submodule.${name}.url`, url]);
  await gitIn(clone, ['config', '--local', `submodule.${name}.active`, 'true']);
  // --checkout: .gitmodules cannot choose another way to update.
  const words = ['submodule', 'update', '--quiet', '--checkout', '--force', '--', path];
  const { exitCode, stderr, timedOut } = await fetchIn(clone, words, { timeoutSeconds });
  const submodule = { ...clone, directory: join(clone.directory, path), path: place, url };
  const found = exitCode === 0 ? (await gitIn(submodule, ['rev-parse', '--verify', 'HEAD'])).trim() : undefined;
  if (found === commit) {
    return submodule;
  }
  const output = stderr
    .trim()
    .split('\n')
    .slice(-6)
    .map((line) => `  ${line}`)
    .join('\n');
  const message = `${service}: cannot fetch the submodule ${place} at ${commit.slice(0, 12)} from ${url}${output.trim() === '' ? '' : `:\n${output}`}`;
  if (timedOut || isNetworkFailure(stderr)) {
    throw inconclusive('failed', `${message}\nRun the build again.`);
  }
  throw badInput('recipe', `${message}\n${remedyFor(stderr, url, clone)}`);
}

function remedyFor(stderr: string, url: string, { host }: Clone): string {
  if (/did not contain|not our ref|reference is not a tree/i.test(stderr)) {
    return 'The submodule has no such commit: push it there.';
  }
  const sameHost =
    isConnection(url) ||
    new URL(url).origin === /^https:\/\/[^/]+/.exec(host.origin)?.[0] ||
    new URL(url).host === host.publicHost;
  return sameHost
    ? 'If the repository is private, name it in source.submodules of the service, and deploy the pipeline.'
    : 'The pipeline has no login for this host: make the repository public, mirror it on the host of the source, or vendor what the build needs (go mod vendor).';
}
