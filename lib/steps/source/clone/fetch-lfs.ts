import { closeSync, lstatSync, openSync, readSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { badInput, inconclusive } from '../../../errors';
import { gitCommand, run } from '../../../process';
import { toolPath } from '../../../tools';
import { type Clone, fetchIn, gitIn, isNetworkFailure } from './clone';
import { isConnection } from './submodule-url';

/** Content can be gigabytes. */
const timeoutSeconds = 1200;

/**
 * Replaces the pointers of Git LFS in a clone by the content. git-lfs checks each file against the hash in its pointer.
 * @throws BowlineError `recipe` (exit 3) if `.lfsconfig` names a server that is not used, or a server does not have the content; `failed` (exit 1)
 *   if the network fails
 */
export async function fetchLfs(clone: Clone): Promise<void> {
  const pointers = (await lfsFiles(clone)).filter((file) => isPointer(join(clone.directory, file)));
  if (pointers.length === 0) {
    return;
  }
  const failures: string[] = [];
  for (const url of await serversOf(clone)) {
    const stderr = await pull(clone, url);
    const left = pointers.filter((file) => isPointer(join(clone.directory, file)));
    if (left.length === 0) {
      clone.reporter.note(
        `Git LFS: ${pointers.length} ${pointers.length === 1 ? 'file' : 'files'}${clone.path === '' ? '' : ` of ${clone.path}`} from ${url}`,
      );
      return;
    }
    failures.push(
      `  from ${url}:`,
      ...stderr
        .trim()
        .split('\n')
        .slice(-6)
        .map((line) => `    ${line}`),
    );
  }
  const [first = ''] = pointers;
  const place = clone.path === '' ? first : `${clone.path}/${first}`;
  const message = [
    `${clone.service}: cannot fetch the content of ${place}${pointers.length === 1 ? '' : ` and ${pointers.length - 1} more files`} in Git LFS:`,
    ...failures,
  ].join('\n');
  throw isNetworkFailure(failures.join('\n'))
    ? inconclusive('failed', `${message}\nRun the build again.`)
    : badInput('recipe', `${message}\n${lfsServerRemedy}`);
}

const lfsServerRemedy =
  'The job has its login only for the host of the source, and a connection of AWS need not serve Git LFS: use a server that needs no login (lfs.url in .lfsconfig), or commit the content to git itself (git lfs untrack, then git add --renormalize).';

/** Files with the attribute `filter=lfs`. */
async function lfsFiles(clone: Clone): Promise<readonly string[]> {
  const tracked = await gitIn(clone, ['ls-files', '-z']);
  const fields = (await gitIn(clone, ['check-attr', '-z', '--stdin', 'filter'], tracked)).split('\0');
  return fields.filter((_, index) => index % 3 === 0 && fields[index + 2] === 'lfs');
}

/** The first line of every pointer, and the size that it stays below (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
const pointerStart = 'version https://git-lfs.github.com/spec/v1\n';
const maxPointer = 1024;

function isPointer(file: string): boolean {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile() || stat.size >= maxPointer) {
    return false;
  }
  const start = Buffer.alloc(pointerStart.length);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, start);
  } finally {
    closeSync(descriptor);
  }
  return start.toString('utf8') === pointerStart;
}

/** The servers to ask, in order. A connection of AWS may not serve Git LFS, and a public repository needs no connection. */
async function serversOf(clone: Clone): Promise<readonly string[]> {
  const configured = await configuredServer(clone);
  if (configured !== undefined) {
    return [configured];
  }
  const { url, host } = clone;
  const name =
    isConnection(url) && host.publicHost !== undefined
      ? /\/git-http\/[^/]+\/[^/]+\/[^/]+\/(.+?)(?:\.git)?\/*$/.exec(url)?.[1]
      : undefined;
  return [url, ...(name === undefined ? [] : [`https://${host.publicHost}/${name}`])].map(
    (repository) => `${repository.replace(/\/+$/, '').replace(/\.git$/, '')}.git/info/lfs`,
  );
}

/** The server in `.lfsconfig` of the commit. git-lfs also accepts ssh and file URLs there, for which it starts programs. */
async function configuredServer(clone: Clone): Promise<string | undefined> {
  const words = ['config', '--blob', 'HEAD:.lfsconfig', '-z', '--list'];
  const { exitCode, stdout } = await run(
    gitCommand(words, { directory: clone.directory, config: { 'safe.directory': '*' }, timeoutSeconds: 60 }),
  );
  const values = new Map(
    (exitCode === 0 ? stdout.split('\0') : []).map(
      (field) => [field.split('\n')[0], field.slice(field.indexOf('\n') + 1)] as const,
    ),
  );
  const url = values.get('lfs.url') ?? values.get('remote.origin.lfsurl');
  if (url === undefined) {
    return undefined;
  }
  if (!/^https:\/\/[A-Za-z0-9.-]+(?::[0-9]+)?(?:\/[A-Za-z0-9._~/+-]*)?$/.test(url)) {
    throw badInput(
      'recipe',
      `${clone.service}: ${clone.path === '' ? '' : `${clone.path}/`}.lfsconfig: lfs.url is ${JSON.stringify(url.replace(/\/\/[^/@]*@/, '//'))}: Bowline uses only https://<host>/<path>, without a login in it`,
    );
  }
  return url;
}

/** Every setting that `.lfsconfig` may make (safeKeys in config/git_fetcher.go of git-lfs) is overridden, and no transfer program is used. */
async function pull(clone: Clone, url: string): Promise<string> {
  const program = toolPath('git-lfs');
  const outcome = await fetchIn(clone, ['lfs', 'pull'], {
    config: {
      'lfs.url': url,
      'remote.origin.lfsurl': url,
      'lfs.fetchinclude': '',
      'lfs.fetchexclude': '',
      'lfs.skipdownloaderrors': 'false',
      'lfs.gitprotocol': 'https',
      'lfs.locksverify': 'false',
      'lfs.basictransfersonly': 'true',
      'lfs.standalonetransferagent': '',
      'filter.lfs.clean': 'git-lfs clean -- %f',
      'filter.lfs.smudge': 'git-lfs smudge -- %f',
    },
    environment: isAbsolute(program) ? { PATH: `${dirname(program)}:${process.env.PATH ?? ''}` } : {},
    timeoutSeconds,
  });
  return outcome.exitCode === 0 && outcome.stderr.trim() === '' ? '(no output)' : outcome.stderr;
}
