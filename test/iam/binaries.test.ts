import { catalogOf, pullRequestsOf, resourcesOf, synthesize } from '../pipeline/synthesize';
import { accountOf } from './account';

const service = (name: string, more = '') =>
  `{ version: 1, name: ${name}, team: storefront, source: { repository: acme/${name} }${more} }`;
const assembly = synthesize({
  parsed: catalogOf({
    services: [service('hello', ', build: { binaries: [linux/mips, windows/amd64] }'), service('other')],
  }),
  pullRequests: pullRequestsOf(),
});
const account = accountOf(assembly);
const object = (key: string) => `arn:aws:s3:::acme-binaries-111111111111-eu-west-1/${key}`;
const hash = 'f'.repeat(64);

describe('permissions on binaries', () => {
  const writeOnce = { 's3:if-none-match': '*' };
  const writers = (key: string) => account.whoMay('s3:PutObject', object(key), writeOnce);

  test('only the build of a service with binaries writes its own files', () => {
    for (const file of ['hello-linux-mips', 'hello-windows-amd64.exe', 'SHA256SUMS']) {
      expect(writers(`hello/${hash}/${file}`)).toEqual(['acme-hello-build']);
    }
    expect(writers(`other/${hash}/other-linux-mips`)).toEqual([]);
    expect(writers('hello/hello-linux-mips')).toEqual([]);
  });

  test.each(['production.sigstore.json', 'production.announced.json'])(
    'only the signer writes signatures/%s',
    (file) => {
      for (const name of ['hello', 'other']) {
        expect(writers(`${name}/${hash}/signatures/${file}`)).toEqual(['acme-sign']);
      }
      expect(
        account.may('acme-hello-build', 's3:PutObject', object(`hello/${hash}/signatures/${file}`), writeOnce),
      ).toBe('denied explicitly');
    },
  );

  test('no identity can overwrite a file, or write without If-None-Match', () => {
    const administrator = accountOf(assembly, {
      administrator: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
    });
    for (const key of ['hello-linux-mips', 'SHA256SUMS', 'signatures/production.sigstore.json']) {
      expect(administrator.whoMay('s3:PutObject', object(`hello/${hash}/${key}`))).toEqual([]);
    }
    expect(administrator.may('administrator', 's3:PutObject', object('hello/x'), writeOnce)).toBe('allowed');
  });

  test('the signer reads the checksums and cannot overwrite binaries', () => {
    for (const key of ['hello-linux-mips', 'SHA256SUMS']) {
      expect(account.may('acme-sign', 's3:PutObject', object(`hello/${hash}/${key}`), writeOnce)).toBe('denied');
    }
    expect(account.whoMay('s3:GetObject', object(`hello/${hash}/SHA256SUMS`))).toEqual([
      'acme-hello-build',
      'acme-sign',
    ]);
  });

  test('no role deletes binaries', () => {
    for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutBucketPolicy']) {
      expect(account.whoMay(action, object(`hello/${hash}/hello-linux-mips`))).toEqual([]);
    }
  });

  test('only the signer announces binaries, and it can send no other event', () => {
    const bus = 'arn:aws:events:eu-west-1:111111111111:event-bus/default';
    const may = (role: string, source: string, type = 'Bowline Binaries Signed') =>
      account.may(role, 'events:PutEvents', bus, { 'events:source': source, 'events:detail-type': type });
    expect([...account.roles.keys()].filter((role) => may(role, 'bowline') === 'allowed')).toEqual(['acme-sign']);
    expect(may('acme-sign', 'aws.codepipeline')).toBe('denied');
    expect(may('acme-sign', 'bowline', 'Something else')).toBe('denied');
  });
});

test('the bucket is versioned, encrypted and private, expires nothing, and outlives its stack', () => {
  const bucket = resourcesOf(assembly, 'AWS::S3::Bucket').find(
    ({ Properties }) => Properties.BucketName === 'acme-binaries-111111111111-eu-west-1',
  );
  expect(bucket?.DeletionPolicy).toBe('RetainExceptOnCreate');
  expect(bucket?.Properties).toMatchObject({
    VersioningConfiguration: { Status: 'Enabled' },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
  });
  expect(bucket?.Properties.LifecycleConfiguration).toEqual({
    Rules: [expect.not.objectContaining({ ExpirationInDays: expect.anything() })],
  });
});

test('only build and sign of a service with binaries get the name of the bucket', () => {
  const variables = (service: string) => {
    const pipeline = resourcesOf(assembly, 'AWS::CodePipeline::Pipeline').find(
      ({ Properties }) => Properties.Name === `acme-${service}`,
    );
    const stages = (pipeline?.Properties.Stages ?? []) as { Actions: { Name: string; Configuration: object }[] }[];
    return stages
      .flatMap(({ Actions }) => Actions)
      .filter(({ Configuration }) => JSON.stringify(Configuration).includes('BOWLINE_BINARIES'))
      .map(({ Name }) => Name);
  };
  expect(variables('hello')).toEqual(['Build', 'SignNonproduction', 'SignProduction']);
  expect(variables('other')).toEqual([]);
});
