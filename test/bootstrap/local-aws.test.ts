import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAwsClient } from '../../lib/bootstrap';
import { loadCatalog } from '../../lib/catalog';
import { freePort } from '../../lib/local/services/choose-ports';
import { type RunningServer, startServer } from '../../lib/local/services/server';
import { awsServer } from '../../lib/local/services/server-descriptions';
import { ensureSigningKey } from '../../lib/local/services/signing-key';
import { toolboxContext } from '../../lib/pipeline';
import { readPublicKeys } from '../../lib/steps';

const root = join(__dirname, '..', '..');
const region = 'eu-west-1';
const account = '123456789012';
const image = `${account}.dkr.ecr.${region}.amazonaws.com/acme/platform/toolbox`;
const directory = mkdtempSync(join(tmpdir(), 'bowline-bootstrap-'));
const catalog = join(directory, 'catalog');
const constraint = `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
let server: RunningServer;
let endpoint: string;

beforeAll(async () => {
  cpSync(join(root, 'catalog'), catalog, { recursive: true });
  const file = join(catalog, 'platform.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('111111111111', account));
  const port = await freePort(0);
  endpoint = `http://localhost:${port}`;
  server = await startServer(awsServer(directory, region, port));
}, 300_000);
afterAll(async () => {
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Creates a resource in the local AWS. */
async function createResource(service: string, target: string, input: object): Promise<unknown> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
      authorization: `AWS4-HMAC-SHA256 Credential=local/20200101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${target}: ${text}`);
  }
  return JSON.parse(text || '{}');
}

function bowline(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'bin', 'bowline.mjs'), 'bootstrap', '--catalog', catalog, '--endpoint', endpoint, '--json', ...args],
    { encoding: 'utf8', env: { ...process.env, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' } },
  );
  const output = stdout === '' ? undefined : (JSON.parse(stdout) as { steps: { name: string; state: string }[] });
  return { status, stderr, states: output?.steps?.map(({ name, state }) => `${name}: ${state}`) };
}

test('bootstrap guides a first deployment against the local AWS', async () => {
  const first = bowline();
  expect(first.states).toEqual([
    'account: done',
    'trail: to-do',
    'CDK: to-do',
    'toolbox: to-do',
    'key of nonproduction: to-do',
    'key of production: to-do',
  ]);
  expect(first.status).toBe(1);
  expect(first.stderr).toContain("npx cdk deploy '*/Toolbox' (the stack is not deployed)");

  // A trail as the console creates it.
  const bucket = await fetch(`${endpoint}/company-trail`, { method: 'PUT', body: constraint });
  expect(bucket.status).toBe(200);
  const cloudtrail = 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101';
  await createResource('cloudtrail', `${cloudtrail}.CreateTrail`, { Name: 'company', S3BucketName: 'company-trail' });
  expect(bowline().states).toContain('trail: to-do');
  await createResource('cloudtrail', `${cloudtrail}.StartLogging`, { Name: 'company' });
  const record = (more: object) =>
    createResource('cloudtrail', `${cloudtrail}.PutEventSelectors`, {
      TrailName: 'company',
      EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, ...more }],
    });
  await record({ ExcludeManagementEventSources: ['kms.amazonaws.com'] });
  expect(bowline().states).toContain('trail: to-do');
  await record({ ExcludeManagementEventSources: [] });
  expect(bowline().states).toContain('trail: done');

  // The result of `cdk bootstrap`, `cdk deploy '*/Toolbox' '*/Keys'` and the toolbox build.
  const { tag } = toolboxContext(loadCatalog(catalog).platform.bases.builder);
  await createResource('ssm', 'AmazonSSM.PutParameter', {
    Name: '/cdk-bootstrap/hnb659fds/version',
    Value: '30',
    Type: 'String',
  });
  await createResource('codebuild', 'CodeBuild_20161006.CreateProject', {
    name: 'acme-toolbox',
    source: { type: 'S3', location: 'bucket/key.zip' },
    artifacts: { type: 'NO_ARTIFACTS' },
    environment: {
      type: 'LINUX_CONTAINER',
      image: 'aws/codebuild/standard:7.0',
      computeType: 'BUILD_GENERAL1_LARGE',
      environmentVariables: [{ name: 'TOOLBOX_IMAGE', value: `${image}:${tag}` }],
    },
    serviceRole: `arn:aws:iam::${account}:role/acme-toolbox`,
  });
  const ecr = 'AmazonEC2ContainerRegistry_V20150921';
  await createResource('ecr', `${ecr}.CreateRepository`, { repositoryName: 'acme/platform/toolbox' });
  const aws = createAwsClient({ region, endpoint }, async () => ({ accessKeyId: 'local', secretAccessKey: 'local' }));
  expect(await aws.digestOf('acme/platform/toolbox', tag)).toBeUndefined();
  expect(await aws.build(await aws.startBuild('acme-toolbox'))).toMatchObject({ status: 'SUCCEEDED' });
  await createResource('ecr', `${ecr}.PutImage`, {
    repositoryName: 'acme/platform/toolbox',
    imageTag: tag,
    imageManifest: JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: `sha256:${'1'.repeat(64)}`, size: 2 },
      layers: [],
    }),
  });
  for (const alias of ['alias/acme-nonproduction', 'alias/acme-production']) {
    await ensureSigningKey({ endpoint, region }, alias);
  }

  const second = bowline();
  expect(second).toMatchObject({ status: 0 });
  expect(second.states).toEqual([
    'account: done',
    'trail: done',
    'CDK: done',
    'toolbox: written',
    'key of nonproduction: written',
    'key of production: written',
    'next: next',
  ]);
  expect(loadCatalog(catalog).platform.toolbox).toMatch(new RegExp(`^${image}@sha256:[0-9a-f]{64}$`));
  expect(bowline()).toMatchObject({ status: 0, states: expect.not.arrayContaining(['next: next']) });

  // A new key for the alias is accepted only with --rotate.
  const { KeyMetadata } = (await createResource('kms', 'TrentService.CreateKey', {
    KeySpec: 'ECC_NIST_P256',
    KeyUsage: 'SIGN_VERIFY',
  })) as { KeyMetadata: { KeyId: string } };
  await createResource('kms', 'TrentService.UpdateAlias', {
    AliasName: 'alias/acme-production',
    TargetKeyId: KeyMetadata.KeyId,
  });
  const keys = () => readPublicKeys(join(catalog, 'keys', 'production.pub')).length;
  expect(bowline()).toMatchObject({ status: 2, states: expect.arrayContaining(['key of production: refused']) });
  expect(keys()).toBe(1);
  expect(bowline('--rotate')).toMatchObject({ status: 0 });
  expect(keys()).toBe(2);
}, 300_000);

test('names an endpoint that does not respond', () => {
  const { status, stderr } = bowline('--endpoint', 'http://localhost:1');
  expect(status).toBe(1);
  expect(stderr).toContain('http://localhost:1 does not respond');
});
