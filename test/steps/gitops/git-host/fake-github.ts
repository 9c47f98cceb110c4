import { generateKeyPairSync, randomUUID, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Pull {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body?: string;
  state: 'open' | 'closed';
  merged_at: string | null;
}

interface Grant {
  readonly repositories: readonly string[];
  readonly permissions: Readonly<Record<string, string>>;
}

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A fake of GitHub's API and of Secrets Manager: what a promotion needs of both, as strict as the real ones. */
export class FakeGitHub {
  readonly appId = '123456';
  readonly installationId = '7654321';
  /** PKCS #1, as GitHub generates it. */
  readonly privateKey = keys.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  readonly grants = new Map<string, Grant>();
  readonly pulls: Pull[] = [];
  readonly requests: string[] = [];
  secret: string | undefined = this.privateKey;
  /** Called before the next request to open a pull request is answered. */
  beforeOpening: () => void = () => undefined;
  /** Counts the commits of a branch that the base does not have: GitHub opens no pull request without one. */
  commitsAhead: (base: string, head: string) => number = () => 1;
  url = '';
  private readonly server = createServer((request, response) => void this.serve(request, response));

  async start(): Promise<void> {
    await new Promise<void>((ready) => this.server.listen(0, '127.0.0.1', ready));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  /** Whether a request of git has a token with write permission. */
  mayWrite(authorization: string | undefined, repository: string): boolean {
    const [name = '', token = ''] = Buffer.from(authorization?.replace(/^Basic /, '') ?? '', 'base64')
      .toString()
      .split(':');
    const grant = this.grants.get(token);
    return (
      name === 'x-access-token' && grant?.permissions.contents === 'write' && grant.repositories.includes(repository)
    );
  }

  open(head: string, base: string, title = 'By hand', body = ''): Pull {
    const pull: Pull = { number: this.pulls.length + 1, head, base, title, body, state: 'open', merged_at: null };
    this.pulls.push(pull);
    return pull;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const body = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString());
    const url = new URL(request.url ?? '/', this.url);
    this.requests.push(`${request.method} ${url.pathname}`);
    const { status, answer } = this.answer(request, url, body);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  private answer(
    request: IncomingMessage,
    url: URL,
    body: Record<string, unknown>,
  ): { readonly status: number; readonly answer: unknown } {
    if (request.headers['x-amz-target'] === 'secretsmanager.GetSecretValue') {
      const signed = /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/secretsmanager\/aws4_request/;
      return signed.test(request.headers.authorization ?? '') && this.secret !== undefined
        ? { status: 200, answer: { Name: body.SecretId, SecretString: this.secret } }
        : { status: 400, answer: { __type: 'ResourceNotFoundException', Message: 'no such secret' } };
    }
    const bearer = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (url.pathname === `/app/installations/${this.installationId}/access_tokens` && request.method === 'POST') {
      if (!this.isApp(bearer)) {
        return { status: 401, answer: { message: 'A JSON web token could not be decoded' } };
      }
      const token = `ghs_${randomUUID()}`;
      this.grants.set(token, body as unknown as Grant);
      return { status: 201, answer: { token, expires_at: new Date(Date.now() + 3_600_000).toISOString() } };
    }
    if (url.pathname === '/repos/acme/ledger/pulls' && this.grants.get(bearer)?.permissions.pull_requests === 'write') {
      return request.method === 'GET'
        ? this.list(url)
        : this.create(body as { head: string; base: string; title: string; body: string });
    }
    return { status: 404, answer: { message: 'Not Found' } };
  }

  private list(url: URL): { readonly status: number; readonly answer: unknown } {
    const [head, base] = ['head', 'base'].map((name) => url.searchParams.get(name));
    const found = this.pulls.filter((pull) => `acme:${pull.head}` === head && pull.base === base);
    return { status: 200, answer: found.map((pull) => this.response(pull)) };
  }

  private create({ head, base, title, body }: { head: string; base: string; title: string; body: string }) {
    this.beforeOpening();
    if (this.pulls.some((pull) => pull.head === head && pull.state === 'open')) {
      const message = `A pull request already exists for acme:${head}.`;
      return { status: 422, answer: { message: 'Validation Failed', errors: [{ message }] } };
    }
    if (this.commitsAhead(base, head) === 0) {
      const message = `No commits between ${base} and ${head}`;
      return { status: 422, answer: { message: 'Validation Failed', errors: [{ message }] } };
    }
    return { status: 201, answer: this.response(this.open(head, base, title, body)) };
  }

  private response(pull: Pull): object {
    return { ...pull, head: { ref: pull.head }, html_url: `https://github.com/acme/ledger/pull/${pull.number}` };
  }

  /** GitHub's conditions: RS256 with the App's key, not issued in the future, valid for at most ten minutes. */
  private isApp(jwt: string): boolean {
    const [header = '', claims = '', signature = ''] = jwt.split('.');
    const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString() || '{}');
    const { iss, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}');
    const now = Date.now() / 1000;
    return (
      alg === 'RS256' &&
      verify('sha256', Buffer.from(`${header}.${claims}`), keys.publicKey, Buffer.from(signature, 'base64url')) &&
      iss === this.appId &&
      iat <= now &&
      exp > now &&
      exp - iat <= 600
    );
  }
}
