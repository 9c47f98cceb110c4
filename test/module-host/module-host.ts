import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { answerGit } from '../../lab/git/http-backend';
import { serverCertificate } from './authority';

export interface ModuleHostOptions {
  /** An address of the loopback network, which is also the host of the module paths. Go accepts no port in a path: the server has port 443. */
  readonly address: string;
  readonly login: string;
  readonly password: string;
}

/**
 * A git host of private modules: TLS with a certificate of its own authority, and no answer without the login, neither to Go's question for the
 * repository of a path nor to git.
 */
export class ModuleHost {
  /** Method, URL and whether the login was right, in order. */
  readonly requests: string[] = [];
  /** Replaces the answer to a request with the right login. Returns true if it has sent one. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  private readonly root = mkdtempSync(join(tmpdir(), 'bowline-module-host-'));
  private readonly server;

  constructor(private readonly options: ModuleHostOptions) {
    const { certificate: cert, key } = serverCertificate(options.address);
    this.server = createServer({ cert, key }, (request, response) => this.serve(request, response));
  }

  /** Creates a repository with one version. @returns the path of the module */
  addModule(name: string, version: string, files: Readonly<Record<string, string>>): string {
    const path = `${this.options.address}/acme/${name}`;
    const work = join(this.root, 'work', name);
    for (const [file, text] of Object.entries({ 'go.mod': `module ${path}\n\ngo 1.24\n`, ...files })) {
      mkdirSync(dirname(join(work, file)), { recursive: true });
      writeFileSync(join(work, file), text);
    }
    const git = (...words: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], { cwd: work });
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git('commit', '--quiet', '--message=first');
    git('tag', version);
    git('clone', '--quiet', '--bare', '.', join(this.root, 'repositories', 'acme', `${name}.git`));
    return path;
  }

  async start(): Promise<void> {
    await new Promise<void>((ready, failed) => {
      this.server.once('error', failed);
      this.server.listen(443, this.options.address, ready);
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    rmSync(this.root, { recursive: true, force: true });
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const { address, login, password } = this.options;
    const expected = `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
    const isKnown = request.headers.authorization === expected;
    this.requests.push(`${request.method} ${request.url} ${isKnown ? 'known' : 'unknown'}`);
    if (!isKnown) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    if (this.intercept(request, response)) {
      return;
    }
    const url = new URL(request.url ?? '/', `https://${address}`);
    if (url.searchParams.get('go-get') === '1') {
      const [, owner, name] = url.pathname.split('/');
      if (owner === undefined || name === undefined) {
        response.writeHead(404).end();
        return;
      }
      const repository = `/${owner}/${name}`;
      response.end(
        `<meta name="go-import" content="${address}${repository} git https://${address}${repository}.git">\n`,
      );
      return;
    }
    answerGit(request, response, { root: join(this.root, 'repositories'), environment: process.env });
  }
}
