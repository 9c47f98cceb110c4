import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { answerGit } from '../../../../lab/git/http-backend';
import { serverCertificate, testAuthority } from '../../../module-host/authority';

/** What a repository contains: files, and submodules by path, each at the last commit of another repository. */
export interface Content {
  readonly files?: Readonly<Record<string, string>>;
  readonly submodules?: Readonly<Record<string, { readonly url: string; readonly of: string }>>;
}

/** A git host with TLS on this machine. Repositories below `private/` need a login. It also serves Git LFS. */
export class GitHost {
  /** Method and URL, and who asks. */
  readonly requests: string[] = [];
  private readonly root = mkdtempSync(join(tmpdir(), 'bowline-git-host-'));
  private readonly objects = new Map<string, string>();
  private readonly server;
  readonly login = `Basic ${Buffer.from('job:secret-token').toString('base64')}`;
  /** The file that makes git trust this host. */
  readonly authority = join(this.root, 'ca.pem');

  constructor(private readonly address = '127.0.0.1') {
    const { certificate: cert, key } = serverCertificate(address);
    writeFileSync(this.authority, testAuthority().certificate);
    this.server = createServer({ cert, key }, (request, response) => this.serve(request, response));
  }

  get url(): string {
    return `https://${this.address}:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    await new Promise<void>((ready, failed) => {
      this.server.once('error', failed);
      this.server.listen(0, this.address, ready);
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Stores content for Git LFS. @returns the text of its pointer */
  store(content: string): string {
    const oid = createHash('sha256').update(content).digest('hex');
    this.objects.set(oid, content);
    return pointerTo(oid, content.length);
  }

  /** Commits the content to a repository. @returns the commit */
  commit(repository: string, { files = {}, submodules = {} }: Content): string {
    const work = join(this.root, 'work', repository);
    const bare = join(this.root, 'repositories', `${repository}.git`);
    const git = (...words: readonly string[]) => runGit(work, words);
    if (!existsSync(work)) {
      mkdirSync(work, { recursive: true });
      git('init', '--quiet', '--initial-branch=main');
    }
    const modules = Object.entries(submodules).map(
      ([path, { url }]) => `[submodule "${path}"]\n\tpath = ${path}\n\turl = ${url}\n`,
    );
    write(work, modules.length === 0 ? files : { '.gitmodules': modules.join(''), ...files });
    git('add', '--all');
    for (const [path, { of }] of Object.entries(submodules)) {
      git('update-index', '--add', '--cacheinfo', `160000,${of},${path}`);
    }
    git('commit', '--quiet', '--allow-empty', '--message=next');
    if (!existsSync(bare)) {
      mkdirSync(dirname(bare), { recursive: true });
      git('clone', '--quiet', '--bare', '.', bare);
    }
    git('push', '--quiet', bare, 'HEAD:refs/heads/main');
    return git('rev-parse', 'HEAD').trim();
  }

  /** Clones a repository as CodeBuild does: without submodules, and with pointers. */
  clone(repository: string): string {
    const directory = mkdtempSync(join(tmpdir(), 'bowline-clone-'));
    runGit(directory, ['clone', '--quiet', join(this.root, 'repositories', `${repository}.git`), '.']);
    runGit(directory, ['remote', 'set-url', 'origin', `${this.url}/${repository}.git`]);
    return directory;
  }

  /** Commits a submodule in a clone, whatever .gitmodules has. @returns the commit */
  addLink(directory: string, path: string, commit: string): string {
    runGit(directory, ['update-index', '--add', '--cacheinfo', `160000,${commit},${path}`]);
    runGit(directory, ['commit', '--quiet', '--message=link']);
    return runGit(directory, ['rev-parse', 'HEAD']).trim();
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const { authorization } = request.headers;
    const who = authorization === undefined ? 'nobody' : authorization === this.login ? 'job' : 'stranger';
    this.requests.push(`${request.method} ${url.pathname} ${who}`);
    if (url.pathname.startsWith('/private/') && who !== 'job') {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    } else if (url.pathname.endsWith('/info/lfs/objects/batch')) {
      this.serveBatch(request, response);
    } else if (url.pathname.startsWith('/objects/')) {
      response.end(this.objects.get(url.pathname.slice('/objects/'.length)));
    } else {
      answerGit(request, response, { root: join(this.root, 'repositories'), environment: process.env });
    }
  }

  /** https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md */
  private serveBatch(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { objects } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
        readonly objects: readonly { readonly oid: string; readonly size: number }[];
      };
      const answers = objects.map(({ oid, size }) =>
        this.objects.has(oid)
          ? { oid, size, actions: { download: { href: `${this.url}/objects/${oid}` } } }
          : { oid, size, error: { code: 404, message: 'Object does not exist' } },
      );
      response.setHeader('content-type', 'application/vnd.git-lfs+json');
      response.end(JSON.stringify({ transfer: 'basic', objects: answers }));
    });
  }
}

export function pointerTo(oid: string, size: number): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`;
}

function write(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

/** git as on a machine without any configuration. */
function runGit(directory: string, words: readonly string[]): string {
  return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: directory, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
  });
}
