import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BareLedger } from './fixtures';

/** Intercepts a request before git. Returns true if it has sent the response itself. */
export type Interceptor = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A ledger served by `git http-backend`, like on a git host. */
export class HttpLedger {
  /** Called for each request. */
  intercept: Interceptor = () => false;
  /** If set, the next push is executed, and its response is dropped. */
  dropNextResponse = false;
  readonly requests: string[] = [];
  /** The server has settings of its own: what a test sets later is about the client. */
  private readonly environment = { ...process.env };
  private readonly server = createServer((request, response) => this.serve(request, response));

  constructor(private readonly ledger: BareLedger) {
    ledger.git('config', 'http.receivepack', 'true');
  }

  async start(): Promise<string> {
    await new Promise<void>((ready) => this.server.listen(0, '127.0.0.1', ready));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/ledger.git`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    if (this.intercept(request, response)) {
      return;
    }
    const url = new URL(request.url ?? '/', 'http://localhost');
    const backend = spawn('git', ['http-backend'], {
      env: {
        ...this.environment,
        GIT_PROJECT_ROOT: this.ledger.root,
        GIT_HTTP_EXPORT_ALL: '1',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REQUEST_METHOD: request.method ?? 'GET',
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        CONTENT_TYPE: String(request.headers['content-type'] ?? ''),
        HTTP_CONTENT_ENCODING: String(request.headers['content-encoding'] ?? ''),
        REMOTE_ADDR: '127.0.0.1',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    request.pipe(backend.stdin);
    backend.stdin.on('error', () => undefined);
    const chunks: Buffer[] = [];
    backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    backend.on('close', () => {
      if (this.dropNextResponse && request.method === 'POST' && url.pathname.endsWith('git-receive-pack')) {
        this.dropNextResponse = false;
        request.socket.destroy();
        return;
      }
      const output = Buffer.concat(chunks);
      const end = output.indexOf('\r\n\r\n');
      for (const line of output.toString('utf8', 0, end).split('\r\n')) {
        const colon = line.indexOf(':');
        const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
        if (name.toLowerCase() === 'status') {
          response.statusCode = Number.parseInt(value, 10);
        } else {
          response.setHeader(name, value);
        }
      }
      response.end(output.subarray(end + 4));
    });
  }
}
