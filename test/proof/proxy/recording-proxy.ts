import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { understandRequest } from './aws-calls';
import { type AwsRequest, type Call, readSignature, UnknownRequest } from './call';
import { type Answer, denial, denialMessage, registryChallenge, registryDenial } from './denials';
import { DeployedPolicies, type Upstream } from './deployed-policies';
import { type RecordedCall, Recorder } from './recorder';
import { registryCalls } from './registry-calls';
import { type Principal, Sessions } from './sessions';

/** Proxies before an AWS and before a registry that know who calls, and answer what IAM denies as AWS would. */
export interface RecordingProxy {
  /** Endpoint of AWS. */
  readonly endpoint: string;
  /** `host:port` of the registry. */
  readonly registry: string;
  readonly sessions: Sessions;
  readonly policies: DeployedPolicies;
  readonly recorder: Recorder;
  stop(): Promise<void>;
}

export interface RecordingProxyOptions {
  readonly aws: Upstream;
  /** `host:port` of the real registry. */
  readonly registry: string;
  /** Port of the proxy before the registry. Image names contain it. @default any free one */
  readonly registryPort?: number;
}

export async function startRecordingProxy(options: RecordingProxyOptions): Promise<RecordingProxy> {
  const sessions = new Sessions();
  const policies = new DeployedPolicies(options.aws);
  const recorder = new Recorder(policies);
  const context: Context = { ...options, sessions, policies, recorder };
  const aws = createServer((request, response) =>
    answering(context, response, () => serveAws(context, request, response)),
  );
  const registry = createServer((request, response) =>
    answering(context, response, () => serveRegistry(context, request, response)),
  );
  const awsPort = await listen(aws, 0);
  const registryPort = await listen(registry, options.registryPort ?? 0);
  return {
    endpoint: `http://localhost:${awsPort}`,
    registry: `127.0.0.1:${registryPort}`,
    sessions,
    policies,
    recorder,
    stop: async () => {
      await Promise.all([aws, registry].map(close));
    },
  };
}

interface Context extends RecordingProxyOptions {
  readonly sessions: Sessions;
  readonly policies: DeployedPolicies;
  readonly recorder: Recorder;
}

/** What the tables do not know is a problem of the test, and an error for the caller. */
async function answering({ recorder }: Context, response: ServerResponse, serve: () => Promise<void>): Promise<void> {
  try {
    await serve();
  } catch (error) {
    recorder.problems.push(error instanceof UnknownRequest ? `unknown request: ${error.message}` : String(error));
    send(response, { status: 501, headers: { 'content-type': 'text/plain' }, body: `the proxy: ${error}\n` });
  }
}

async function serveAws(context: Context, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { sessions, policies, recorder, aws } = context;
  const body = await readBody(incoming);
  const isText = !/octet|zip/.test(incoming.headers['content-type'] ?? '') && body.length < 2_000_000;
  const request: AwsRequest = {
    method: incoming.method ?? 'GET',
    target: incoming.url ?? '/',
    headers: singleHeaders(incoming),
    body: isText ? body.toString() : '',
  };
  const signature = readSignature(request);
  const principal = signature && sessions.principalOf(signature.accessKeyId, signature.sessionToken);
  if (signature === undefined || principal === undefined) {
    recorder.problems.push(`unsigned, or signed with unknown keys: ${request.method} ${request.target}`);
    send(response, denial('query', 'The security token included in the request is invalid.', 'InvalidClientTokenId'));
    return;
  }
  const understood = await understandRequest(request, signature, policies);
  const denied = await recorder.judge(principal, understood.calls);
  if (denied !== undefined) {
    send(response, denial(understood.protocol, denialMessage(denied)));
    return;
  }
  const { port, hostname } = new URL(aws.endpoint);
  const answer = await forward(incoming, body, { hostname, port });
  if (understood.operation === 'sts:AssumeRole' && answer.status === 200) {
    acceptAssumedRole(sessions, understood.calls[0]?.resource ?? '', answer.body.toString());
  }
  if (/^cloudformation:(?:ExecuteChangeSet|CreateStack|UpdateStack|DeleteStack)$/.test(understood.operation)) {
    // The local AWS has changed the stack when it answers.
    policies.forget();
  }
  const mayFind = await judgeMissingObject(recorder, principal, understood.calls, answer.status);
  if (mayFind !== undefined) {
    send(response, denial('s3', denialMessage(mayFind)), request.method === 'HEAD');
    return;
  }
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}

/**
 * S3 tells that an object is missing only to those who may list the bucket (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
 * @returns the call that is denied, or undefined
 */
function judgeMissingObject(
  recorder: Recorder,
  principal: Principal,
  [call]: readonly Call[],
  status: number,
): Promise<RecordedCall | undefined> {
  const isMissing = status === 404 && call?.action === 's3:GetObject';
  const bucket = call?.resource.split('/')[0] ?? '';
  return recorder.judge(principal, isMissing ? [{ action: 's3:ListBucket', resource: bucket, context: {} }] : []);
}

/** From now on, the keys that STS returned are those of the role. */
function acceptAssumedRole(sessions: Sessions, role: string, xml: string): void {
  const read = (element: string) => new RegExp(`<${element}>\\s*([^<\\s]+)\\s*</${element}>`).exec(xml)?.[1];
  const key = read('AccessKeyId');
  if (key === undefined) {
    throw new Error(`expected keys in the answer of AssumeRole, got: ${xml}`);
  }
  sessions.accept(key, { kind: 'role', arn: role }, read('SessionToken'));
}

async function serveRegistry(context: Context, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { sessions, recorder, registry, aws } = context;
  const principal = sessions.principalOfRegistry(incoming.headers.authorization);
  if (principal === undefined) {
    incoming.resume();
    send(response, registryChallenge);
    return;
  }
  const calls = registryCalls(incoming.method ?? 'GET', incoming.url ?? '/', aws);
  const denied = await recorder.judge(principal, calls);
  if (denied !== undefined) {
    incoming.resume();
    send(response, registryDenial(denialMessage(denied)), incoming.method === 'HEAD');
    return;
  }
  const [hostname, port] = registry.split(':');
  await new Promise<void>((resolve, reject) => {
    const outgoing = httpRequest(
      { hostname, port, method: incoming.method, path: incoming.url, headers: withoutAuthorization(incoming) },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.once('end', resolve);
        answer.once('error', reject);
      },
    );
    outgoing.once('error', reject);
    incoming.pipe(outgoing);
  });
}

function withoutAuthorization(incoming: IncomingMessage) {
  const { authorization: _, ...headers } = incoming.headers;
  return headers;
}

interface Forwarded {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** The Host header stays, since the address of a bucket may be in it. */
function forward(
  incoming: IncomingMessage,
  body: Buffer,
  to: { readonly hostname: string; readonly port: string },
): Promise<Forwarded> {
  return new Promise((resolve, reject) => {
    const { 'transfer-encoding': _, ...headers } = incoming.headers;
    const outgoing = httpRequest(
      { ...to, method: incoming.method, path: incoming.url, headers: { ...headers, 'content-length': body.length } },
      async (answer) => {
        const { 'transfer-encoding': __, ...answerHeaders } = answer.headers;
        resolve({ status: answer.statusCode ?? 502, headers: answerHeaders, body: await readBody(answer) });
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function readBody(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function singleHeaders({ headers }: IncomingMessage): AwsRequest['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()[0]]));
}

function send(response: ServerResponse, { status, headers, body }: Answer, isHead = false): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(isHead ? undefined : body);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
