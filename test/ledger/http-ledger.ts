import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendCgiResponse, startHttpBackend } from '../../lab/git/http-backend';
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
    const backend = startHttpBackend(request, { root: this.ledger.root, environment: this.environment });
    if (this.dropNextResponse && request.method === 'POST' && request.url?.endsWith('git-receive-pack')) {
      this.dropNextResponse = false;
      backend.stdout.resume();
      backend.on('close', () => request.socket.destroy());
      return;
    }
    sendCgiResponse(backend, response);
  }
}
