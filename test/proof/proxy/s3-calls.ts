import { type AwsRequest, type Call, UnknownRequest } from './call';

interface Target {
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

/** Actions on buckets by method and subresource (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html). */
const bucketActions: Readonly<Record<string, string>> = {
  'GET ?location': 's3:GetBucketLocation',
  'GET ?encryption': 's3:GetEncryptionConfiguration',
  'GET ?versioning': 's3:GetBucketVersioning',
  'GET ?policy': 's3:GetBucketPolicy',
  'GET ?acl': 's3:GetBucketAcl',
  'GET ?uploads': 's3:ListBucketMultipartUploads',
  'GET ?versions': 's3:ListBucketVersions',
  'GET ': 's3:ListBucket',
  'GET ?list-type': 's3:ListBucket',
  'HEAD ': 's3:ListBucket',
};

const objectActions: Readonly<Record<string, string>> = {
  'GET ': 's3:GetObject',
  'HEAD ': 's3:GetObject',
  'GET ?versionId': 's3:GetObjectVersion',
  'HEAD ?versionId': 's3:GetObjectVersion',
  'PUT ': 's3:PutObject',
  // Every part of an upload (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html).
  'POST ?uploads': 's3:PutObject',
  'PUT ?uploadId': 's3:PutObject',
  'POST ?uploadId': 's3:PutObject',
  'DELETE ?uploadId': 's3:AbortMultipartUpload',
  'GET ?tagging': 's3:GetObjectTagging',
  'PUT ?tagging': 's3:PutObjectTagging',
  'PUT ?acl': 's3:PutObjectAcl',
  'DELETE ': 's3:DeleteObject',
};

/** Parameters that select another action. All other ones, such as prefixes or signatures, do not. */
const subresources = [
  'location',
  'encryption',
  'versioning',
  'policy',
  'acl',
  'uploads',
  'versions',
  'list-type',
  'uploadId',
  'versionId',
  'tagging',
  'attributes',
  'delete',
  'lifecycle',
  'object-lock',
  'restore',
];

/** The permissions that a request to S3 needs. @throws UnknownRequest */
export function s3Calls(request: AwsRequest): readonly Call[] {
  const { bucket, key, query } = readTarget(request);
  const subresource = subresources.find((name) => query.has(name));
  const operation = `${request.method} ${subresource === undefined ? '' : `?${subresource}`}`;
  if (bucket === '') {
    throw new UnknownRequest(`S3: ${operation} without a bucket`);
  }
  const resource = `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
  const action = (key === '' ? bucketActions : objectActions)[operation];
  if (action === undefined) {
    throw new UnknownRequest(`S3: ${operation} of ${resource}`);
  }
  const { headers } = request;
  const calls: Call[] = [{ action, resource, context: contextOf(headers) }];
  if (headers['x-amz-copy-source'] !== undefined) {
    const source = decodeURIComponent(headers['x-amz-copy-source']).replace(/^\//, '');
    calls.push({ action: 's3:GetObject', resource: `arn:aws:s3:::${source}`, context: {} });
  }
  if (headers['x-amz-acl'] !== undefined) {
    calls.push({ action: 's3:PutObjectAcl', resource, context: {} });
  }
  if (headers['x-amz-tagging'] !== undefined) {
    calls.push({ action: 's3:PutObjectTagging', resource, context: {} });
  }
  return calls;
}

/** Condition keys that follow from a header (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html). */
const headerKeys = ['if-match', 'if-none-match', 'x-amz-acl', 'x-amz-server-side-encryption', 'x-amz-storage-class'];

function contextOf(headers: AwsRequest['headers']): Call['context'] {
  const context: Record<string, string> = {};
  for (const name of headerKeys) {
    const value = headers[name];
    if (value !== undefined) {
      context[`s3:${name}`] = value;
    }
  }
  return context;
}

/** Both styles: `host/bucket/key` and `bucket.host/key` (https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html). */
function readTarget({ target, headers }: AwsRequest): Target {
  const url = new URL(target, 'http://aws');
  const path = decodeURIComponent(url.pathname).slice(1);
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  const inHost = /^(?<bucket>[a-z0-9][a-z0-9.-]+?)\.(?:s3[.-][a-z0-9.-]+|localhost)$/.exec(host)?.groups?.bucket;
  if (inHost !== undefined) {
    return { bucket: inHost, key: path, query: url.searchParams };
  }
  const [bucket = '', ...rest] = path.split('/');
  return { bucket, key: rest.join('/'), query: url.searchParams };
}
