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

describe('who may do what with binaries', () => {
  const once = { 's3:if-none-match': '*' };
  const writers = (key: string) => account.whoMay('s3:PutObject', object(key), once);

  test('the build of a service that has some writes its own, and no other does', () => {
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
      expect(account.may('acme-hello-build', 's3:PutObject', object(`hello/${hash}/signatures/${file}`), once)).toBe(
        'denied explicitly',
      );
    },
  );

  test('nobody writes over what is there, or without saying that nothing must be there', () => {
    const administrator = accountOf(assembly, {
      administrator: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
    });
    for (const key of ['hello-linux-mips', 'SHA256SUMS', 'signatures/production.sigstore.json']) {
      expect(administrator.whoMay('s3:PutObject', object(`hello/${hash}/${key}`))).toEqual([]);
    }
    expect(administrator.may('administrator', 's3:PutObject', object('hello/x'), once)).toBe('allowed');
  });

  test('the signer writes beside them and never over them', () => {
    for (const key of ['hello-linux-mips', 'SHA256SUMS']) {
      expect(account.may('acme-sign', 's3:PutObject', object(`hello/${hash}/${key}`), once)).toBe('denied');
    }
    expect(account.whoMay('s3:GetObject', object(`hello/${hash}/SHA256SUMS`))).toEqual([
      'acme-hello-build',
      'acme-sign',
    ]);
  });

  test('nobody deletes them', () => {
    for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutBucketPolicy']) {
      expect(account.whoMay(action, object(`hello/${hash}/hello-linux-mips`))).toEqual([]);
    }
  });

  test('only the signer tells of them, and it can say nothing else', () => {
    const bus = 'arn:aws:events:eu-west-1:111111111111:event-bus/default';
    const may = (role: string, source: string, type = 'Bowline Binaries Signed') =>
      account.may(role, 'events:PutEvents', bus, { 'events:source': source, 'events:detail-type': type });
    expect([...account.roles.keys()].filter((role) => may(role, 'bowline') === 'allowed')).toEqual(['acme-sign']);
    expect(may('acme-sign', 'aws.codepipeline')).toBe('denied');
    expect(may('acme-sign', 'bowline', 'Something else')).toBe('denied');
  });
});

test('the bucket is versioned and encrypted, has no public side, expires nothing, and outlives its stack', () => {
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

test('build and sign know the bucket where the service has binaries, and no other does', () => {
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
