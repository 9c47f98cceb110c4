import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy';
import type { SessionKeys } from './sessions';

const account = '111111111111';
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const bucket = 'acme-artifacts';

/** An AWS and a registry that answer everything, and have the policies of two roles. */
const policies: Readonly<Record<string, readonly object[]>> = {
  reader: [
    { Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`arn:aws:s3:::${bucket}/*`] },
    {
      Effect: 'Allow',
      Action: ['ecr:BatchGetImage'],
      Resource: [`arn:aws:ecr:eu-west-1:${account}:repository/acme/*`],
    },
    { Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: [roleArn('lister')] },
  ],
  lister: [{ Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: ['*'] }],
};

function answerAws(path: string, form: URLSearchParams): readonly [status: number, body: string] {
  const role = form.get('RoleName') ?? '';
  switch (form.get('Action')) {
    case 'ListRolePolicies':
      return [200, '<PolicyNames><member>p</member></PolicyNames>'];
    case 'GetRolePolicy': {
      const document = JSON.stringify({ Version: '2012-10-17', Statement: policies[role] });
      return [200, `<PolicyDocument>${encodeURIComponent(document)}</PolicyDocument>`];
    }
    case 'ListAttachedRolePolicies':
    case 'GetRole':
      return [200, '<None/>'];
    case 'AssumeRole':
      return [200, '<AccessKeyId>ASIAASSUMED</AccessKeyId><SessionToken>assumed</SessionToken>'];
    default:
      if (path.endsWith('?policy')) {
        return [404, '<Code>NoSuchBucketPolicy</Code>'];
      }
      return path.includes('missing') ? [404, '<Code>NoSuchKey</Code>'] : [200, `content of ${path}`];
  }
}

let proxy: RecordingProxy;
let servers: readonly Server[];
let forwarded: string[];

beforeAll(async () => {
  forwarded = [];
  const aws = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    const isRepositoryPolicy = request.headers['x-amz-target']?.toString().endsWith('.GetRepositoryPolicy');
    const [status, text] = isRepositoryPolicy
      ? [400, '{"__type":"RepositoryPolicyNotFoundException"}']
      : answerAws(request.url ?? '', new URLSearchParams(body));
    response.writeHead(status).end(text);
  });
  const registry = createServer((request, response) => {
    forwarded.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.writeHead(200).end('manifest');
  });
  servers = [aws, registry];
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))));
  const port = (server: Server) => (server.address() as AddressInfo).port;
  proxy = await startRecordingProxy({
    aws: { endpoint: `http://127.0.0.1:${port(aws)}`, region: 'eu-west-1', account },
    registry: `127.0.0.1:${port(registry)}`,
  });
});

afterAll(async () => {
  await proxy.stop();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

const issue = (role: string) => proxy.sessions.issue({ kind: 'role', arn: roleArn(role) });
const headers = ({ accessKeyId, sessionToken }: Pick<SessionKeys, 'accessKeyId' | 'sessionToken'>, service = 's3') => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host`,
  'x-amz-security-token': sessionToken,
});

async function get(path: string, keys: Pick<SessionKeys, 'accessKeyId' | 'sessionToken'>) {
  const answer = await fetch(`${proxy.endpoint}${path}`, { headers: headers(keys) });
  return { status: answer.status, text: await answer.text() };
}

describe('the proxy before AWS', () => {
  test('forwards what the role may do, and records the call with the role', async () => {
    expect(await get(`/${bucket}/a`, issue('reader'))).toEqual({ status: 200, text: `content of /${bucket}/a` });
    expect(proxy.recorder.calls.at(-1)).toMatchObject({
      role: roleArn('reader'),
      action: 's3:GetObject',
      resource: `arn:aws:s3:::${bucket}/a`,
      decision: 'allowed',
    });
  });

  test('answers what the role may not do with AccessDenied and the name of the right', async () => {
    const { status, text } = await get('/other/a', issue('reader'));
    expect(status).toBe(403);
    expect(text).toContain('<Code>AccessDenied</Code>');
    expect(text).toContain('is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::other/a');
    expect(proxy.recorder.calls.at(-1)?.decision).toBe('denied');
  });

  test('tells that an object is missing only to a role that may list the bucket', async () => {
    expect((await get(`/${bucket}/missing`, issue('reader'))).text).toContain('s3:ListBucket');
    expect(await get(`/${bucket}/missing`, issue('lister'))).toMatchObject({ status: 404 });
  });

  test('changes the role with the keys that AssumeRole returns', async () => {
    const answer = await fetch(proxy.endpoint, {
      method: 'POST',
      headers: { ...headers(issue('reader'), 'sts'), 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ Action: 'AssumeRole', RoleArn: roleArn('lister') }).toString(),
    });
    expect(answer.status).toBe(200);
    await answer.text();
    await get(`/${bucket}/b`, { accessKeyId: 'ASIAASSUMED', sessionToken: 'assumed' });
    expect(proxy.recorder.calls.at(-1)?.role).toBe(roleArn('lister'));
  });

  test('rejects keys that nobody issued, and requests that the tables do not have, as problems of the test', async () => {
    expect((await get(`/${bucket}/a`, { accessKeyId: 'AKIA', sessionToken: '' })).status).toBe(403);
    expect((await get(`/${bucket}?lifecycle`, issue('reader'))).status).toBe(501);
    expect(proxy.recorder.problems).toEqual([
      `unsigned, or signed with unknown keys: GET /${bucket}/a`,
      `unknown request: S3: GET ?lifecycle of arn:aws:s3:::${bucket}`,
    ]);
  });
});

describe('the proxy before the registry', () => {
  const request = (method: string, path: string, token?: string) =>
    fetch(`http://${proxy.registry}${path}`, {
      method,
      headers: token === undefined ? {} : { authorization: `Basic ${Buffer.from(`AWS:${token}`).toString('base64')}` },
    });

  test('asks for a token, and forwards what the role may do without it', async () => {
    const answer = await request('GET', '/v2/acme/shop/manifests/a');
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('Basic')]);
    expect((await request('GET', '/v2/', issue('reader').registryToken)).status).toBe(200);
    expect((await request('GET', '/v2/acme/shop/manifests/a', issue('reader').registryToken)).status).toBe(200);
    expect(forwarded).toEqual(['GET /v2/ undefined', 'GET /v2/acme/shop/manifests/a undefined']);
  });

  test('denies as ECR does', async () => {
    const answer = await request('PUT', '/v2/acme/shop/manifests/a', issue('reader').registryToken);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({
      errors: [{ code: 'DENIED', message: expect.stringContaining('is not authorized to perform: ecr:PutImage') }],
    });
    expect(forwarded).toHaveLength(2);
  });
});
