import { understandRequest } from './aws-calls';
import { type AccountFacts, type AwsRequest, readSignature, UnknownRequest } from './call';
import { denial, denialMessage } from './denials';
import { registryCalls } from './registry-calls';
import { Sessions } from './sessions';

const account = '111111111111';
const keyArn = `arn:aws:kms:eu-west-1:${account}:key/1234`;
const facts: AccountFacts = { account, key: async () => ({ arn: keyArn, aliases: ['alias/b', 'alias/a'] }) };
const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=ASIA1/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

/** What a request needs, as `action resource`. */
async function needs(request: Partial<AwsRequest>): Promise<readonly string[]> {
  const whole: AwsRequest = { method: 'POST', target: '/', headers: {}, body: '', ...request };
  const signature = readSignature(whole);
  if (signature === undefined) {
    throw new Error('unsigned');
  }
  return (await understandRequest(whole, signature, facts)).calls.map(
    ({ action, resource }) => `${action} ${resource}`,
  );
}

const s3 = (method: string, target: string, headers: Record<string, string> = {}) =>
  needs({ method, target, headers: { host: 'localhost:5512', ...signed('s3'), ...headers } });
const json = (service: string, target: string, input: object) =>
  needs({ headers: { ...signed(service), 'x-amz-target': target }, body: JSON.stringify(input) });
const query = (service: string, fields: Record<string, string>) =>
  needs({ headers: signed(service), body: new URLSearchParams(fields).toString() });

describe('the permission that a request needs is read from the request', () => {
  test.each<[string, Promise<readonly string[]>, string]>([
    ['an object', s3('GET', '/b/a/x%20y?x-id=GetObject'), 's3:GetObject arn:aws:s3:::b/a/x y'],
    [
      'an object by bucket in the host',
      s3('GET', '/a/x', { host: 'bbb.localhost:5512' }),
      's3:GetObject arn:aws:s3:::bbb/a/x',
    ],
    [
      'an object at the host of AWS',
      s3('PUT', '/a', { host: 'my.bucket.s3.eu-west-1.amazonaws.com' }),
      's3:PutObject arn:aws:s3:::my.bucket/a',
    ],
    ['a version', s3('GET', '/b/k?versionId=1'), 's3:GetObjectVersion arn:aws:s3:::b/k'],
    ['a listing', s3('GET', '/b?list-type=2&prefix=x'), 's3:ListBucket arn:aws:s3:::b'],
    ['a bucket that exists', s3('HEAD', '/b'), 's3:ListBucket arn:aws:s3:::b'],
    ['a location', s3('GET', '/b?location'), 's3:GetBucketLocation arn:aws:s3:::b'],
    ['a part of an upload', s3('PUT', '/b/k?partNumber=1&uploadId=2'), 's3:PutObject arn:aws:s3:::b/k'],
    ['a signature', json('kms', 'TrentService.Sign', { KeyId: 'alias/a' }), `kms:Sign ${keyArn}`],
    [
      'a login',
      json('ecr', 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken', {}),
      'ecr:GetAuthorizationToken *',
    ],
    [
      'an event',
      json('events', 'AWSEvents.PutEvents', { Entries: [{ Source: 's', DetailType: 'd' }] }),
      `events:PutEvents arn:aws:events:eu-west-1:${account}:event-bus/default`,
    ],
    [
      'a parameter',
      json('ssm', 'AmazonSSM.GetParameter', { Name: '/cdk-bootstrap/x/version' }),
      `ssm:GetParameter arn:aws:ssm:eu-west-1:${account}:parameter/cdk-bootstrap/x/version`,
    ],
    [
      'a role',
      query('sts', { Action: 'AssumeRole', RoleArn: 'arn:aws:iam::1:role/r' }),
      'sts:AssumeRole arn:aws:iam::1:role/r',
    ],
    [
      'a stack',
      query('cloudformation', { Action: 'DescribeStacks', StackName: 's' }),
      `cloudformation:DescribeStacks arn:aws:cloudformation:eu-west-1:${account}:stack/s/any`,
    ],
  ])('%s', async (_, actual, expected) => {
    expect(await actual).toEqual([expected]);
  });

  test('a copy, an ACL and tags need more', async () => {
    const copy = s3('PUT', '/b/k', { 'x-amz-copy-source': '/c/l', 'x-amz-acl': 'private', 'x-amz-tagging': 'a=b' });
    expect(await copy).toEqual([
      's3:PutObject arn:aws:s3:::b/k',
      's3:GetObject arn:aws:s3:::c/l',
      's3:PutObjectAcl arn:aws:s3:::b/k',
      's3:PutObjectTagging arn:aws:s3:::b/k',
    ]);
  });

  test('a conditional write says so', async () => {
    const request = { method: 'PUT', target: '/b/k', headers: { 'if-none-match': '*' }, body: '' };
    const { calls } = await understandRequest(request, { accessKeyId: '', service: 's3', region: 'eu-west-1' }, facts);
    expect(calls[0]?.context).toEqual({ 's3:if-none-match': '*' });
  });

  test('the aliases of a key are part of the request', async () => {
    const request = {
      method: 'POST',
      target: '/',
      headers: { ...signed('kms'), 'x-amz-target': 'TrentService.Sign' },
      body: '{"KeyId":"alias/a","MessageType":"DIGEST","SigningAlgorithm":"ECDSA_SHA_256"}',
    };
    const { calls } = await understandRequest(request, { accessKeyId: '', service: 'kms', region: 'eu-west-1' }, facts);
    expect(calls[0]?.context).toEqual({
      'kms:ResourceAliases': 'alias/a,alias/b',
      'kms:RequestAlias': 'alias/a',
      'kms:MessageType': 'DIGEST',
      'kms:SigningAlgorithm': 'ECDSA_SHA_256',
    });
  });

  test.each<[string, () => Promise<unknown>]>([
    ['an operation of a service', () => json('kms', 'TrentService.Encrypt', {})],
    ['a service', () => json('dynamodb', 'DynamoDB_20120810.GetItem', {})],
    ['a subresource of a bucket', () => s3('PUT', '/b?lifecycle')],
    ['the list of buckets', () => s3('GET', '/')],
  ])('%s that the tables do not have is an error', async (_, call) => {
    await expect(call()).rejects.toThrow(UnknownRequest);
  });
});

describe('a signature', () => {
  test('names key, region and service, in the header or in a presigned URL', () => {
    const expected = { accessKeyId: 'local/1', sessionToken: 't', region: 'eu-west-1', service: 's3' };
    const credential = 'local/1/20260101/eu-west-1/s3/aws4_request';
    const headers = {
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host`,
      'x-amz-security-token': 't',
    };
    expect(readSignature({ method: 'GET', target: '/', headers, body: '' })).toEqual(expected);
    const presigned = `/b/k?X-Amz-Credential=${encodeURIComponent(credential)}&X-Amz-Security-Token=t`;
    expect(readSignature({ method: 'GET', target: presigned, headers: {}, body: '' })).toEqual(expected);
    expect(readSignature({ method: 'GET', target: '/b/k', headers: {}, body: '' })).toBeUndefined();
  });
});

describe('a request of the OCI protocol is a call of ECR', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  test.each([
    ['GET', '/v2/', []],
    ['GET', `/v2/acme/shop/manifests/latest`, ['BatchGetImage']],
    ['HEAD', `/v2/acme/shop/manifests/${digest}`, ['BatchGetImage']],
    ['PUT', `/v2/acme/shop/manifests/${digest}`, ['PutImage']],
    ['GET', `/v2/acme/shop/blobs/${digest}`, ['GetDownloadUrlForLayer']],
    ['HEAD', `/v2/acme/shop/blobs/${digest}`, ['BatchCheckLayerAvailability']],
    ['POST', '/v2/acme/shop/blobs/uploads/', ['InitiateLayerUpload']],
    [
      'POST',
      `/v2/acme/shop/blobs/uploads/?digest=${digest}`,
      ['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload'],
    ],
    ['PATCH', '/v2/acme/shop/blobs/uploads/1?_state=x', ['UploadLayerPart']],
    ['PUT', `/v2/acme/shop/blobs/uploads/1?digest=${digest}`, ['UploadLayerPart', 'CompleteLayerUpload']],
    ['GET', `/v2/acme/shop/referrers/${digest}`, ['BatchGetImage']],
    ['GET', '/v2/acme/shop/tags/list', ['ListImages']],
  ])('%s %s', (method, target, actions) => {
    expect(registryCalls(method, target, { account, region: 'eu-west-1' })).toEqual(
      actions.map((action) => ({
        action: `ecr:${action}`,
        resource: `arn:aws:ecr:eu-west-1:${account}:repository/acme/shop`,
        context: {},
      })),
    );
  });

  test('any other request is an error', () => {
    expect(() => registryCalls('GET', '/v2/_catalog', { account, region: 'eu-west-1' })).toThrow(UnknownRequest);
  });
});

describe('sessions', () => {
  const role = { kind: 'role', arn: 'arn:aws:iam::1:role/r' } as const;
  test('know the role of keys and of registry tokens, and nobody else', () => {
    const sessions = new Sessions();
    const keys = sessions.issue(role);
    expect(sessions.principalOf(keys.accessKeyId, keys.sessionToken)).toEqual(role);
    expect(sessions.principalOf(keys.accessKeyId, undefined)).toBeUndefined();
    expect(sessions.principalOf('other', undefined)).toBeUndefined();
    const basic = (password: string) => `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}`;
    expect(sessions.principalOfRegistry(basic(keys.registryToken))).toEqual(role);
    expect(sessions.principalOfRegistry(basic('other'))).toBeUndefined();
    expect(sessions.principalOfRegistry(undefined)).toBeUndefined();
  });
});

test.each(['json', 'query', 's3'] as const)(
  'a denial in the protocol %s has the code and the right that is missing',
  (protocol) => {
    const message = denialMessage({ role: 'arn:r', action: 'kms:Sign', resource: 'arn:k', decision: 'denied' });
    const { status, body } = denial(protocol, message);
    expect(status).toBe(protocol === 'json' ? 400 : 403);
    expect(body).toContain('AccessDenied');
    expect(body).toContain('is not authorized to perform: kms:Sign on resource: arn:k');
  },
);
