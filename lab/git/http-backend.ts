import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable, Writable } from 'node:stream';

export interface HttpBackendOptions {
  /** Folder of bare repositories. */
  readonly root: string;
  /** The environment of git. */
  readonly environment: NodeJS.ProcessEnv;
  /** What becomes of the messages of git. @default 'ignore' */
  readonly messages?: 'ignore' | 'inherit';
}

/** Starts `git http-backend` for a request, which becomes its input. Its output is a CGI response. */
export function startHttpBackend(
  request: IncomingMessage,
  { root, environment, messages = 'ignore' }: HttpBackendOptions,
): ChildProcessByStdio<Writable, Readable, null> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const backend = spawn('git', ['http-backend'], {
    env: {
      ...environment,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_ADDR: request.socket.remoteAddress ?? '',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: String(request.headers['content-type'] ?? ''),
      HTTP_CONTENT_ENCODING: String(request.headers['content-encoding'] ?? ''),
    },
    stdio: ['pipe', 'pipe', messages],
  });
  // A backend that ends before it has read the request is judged by its response.
  backend.stdin.on('error', () => undefined);
  request.pipe(backend.stdin);
  return backend;
}

/** Sends a CGI response as it is written. Ends the response with it. */
export function sendCgiResponse(backend: ReturnType<typeof startHttpBackend>, response: ServerResponse): void {
  let head: Buffer | undefined = Buffer.alloc(0);
  backend.stdout.on('data', (chunk: Buffer) => {
    if (head === undefined) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end >= 0) {
      const { status, fields } = parseCgiHeader(head.toString('utf8', 0, end));
      response.writeHead(status, Object.fromEntries(fields));
      response.write(head.subarray(end + 4));
      head = undefined;
    }
  });
  backend.on('error', () => response.writeHead(500).end());
  backend.on('close', () => response.end());
}

/** Answers a request of git for one of the repositories. */
export function answerGit(request: IncomingMessage, response: ServerResponse, options: HttpBackendOptions): void {
  sendCgiResponse(startHttpBackend(request, options), response);
}

/** Parses the header of a CGI response (RFC 3875 §6). The status defaults to 200. */
export function parseCgiHeader(head: string): {
  readonly status: number;
  readonly fields: readonly (readonly [string, string])[];
} {
  const fields = head
    .split(/\r?\n/)
    .filter((line) => line.includes(':'))
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const);
  const status = fields.find(([name]) => name.toLowerCase() === 'status')?.[1];
  return {
    status: status === undefined ? 200 : Number.parseInt(status, 10),
    fields: fields.filter(([name]) => name.toLowerCase() !== 'status'),
  };
}
