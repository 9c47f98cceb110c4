import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalAws, startLocalAws } from '../../../lib/local/deployed/start-local-aws';

const stateDirectory = mkdtempSync(join(tmpdir(), 'bowline-kept-'));
let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws({ stateDirectory, account: '111111111111', region: 'eu-west-1' });
});
afterAll(async () => {
  await aws.stop();
  rmSync(stateDirectory, { recursive: true, force: true });
});

async function call(service: string, headers: Readonly<Record<string, string>>, body: string): Promise<string> {
  const response = await fetch(aws.endpoint, {
    method: 'POST',
    headers: {
      ...headers,
      authorization: `AWS4-HMAC-SHA256 Credential=local/20200101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body,
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(text);
  }
  return text;
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const stack = (action: string, template?: object) =>
  call(
    'cloudformation',
    form,
    new URLSearchParams({
      Action: action,
      Version: '2010-05-15',
      StackName: 'kept',
      ...(template === undefined ? {} : { TemplateBody: JSON.stringify(template) }),
    }).toString(),
  );

async function repositories(): Promise<readonly string[]> {
  const text = await call(
    'ecr',
    {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.DescribeRepositories',
    },
    '{}',
  );
  return (JSON.parse(text) as { repositories: { repositoryName: string }[] }).repositories
    .map(({ repositoryName }) => repositoryName)
    .sort();
}

const repository = (name: string, DeletionPolicy: string) => ({
  Type: 'AWS::ECR::Repository',
  DeletionPolicy,
  Properties: { RepositoryName: name },
});

test('a local stack keeps retained resources when its template drops them and when it is deleted', async () => {
  const resources = {
    Kept: repository('kept', 'RetainExceptOnCreate'),
    Always: repository('always', 'Retain'),
    Gone: repository('gone', 'Delete'),
  };
  await stack('CreateStack', {
    Resources: { ...resources, Dropped: repository('dropped', 'RetainExceptOnCreate') },
  });
  await stack('UpdateStack', { Resources: resources });
  expect(await repositories()).toEqual(['always', 'dropped', 'gone', 'kept']);
  await stack('DeleteStack');
  expect(await repositories()).toEqual(['always', 'dropped', 'kept']);
});

test('a local stack that fails to create keeps only resources with Retain, and can be created again', async () => {
  const resources = {
    Kept: repository('first-kept', 'RetainExceptOnCreate'),
    Always: repository('first-always', 'Retain'),
    Gone: repository('first-gone', 'Delete'),
  };
  // The repository "always" exists, so creating the last resource fails.
  const taken = { ...repository('always', 'Delete'), DependsOn: Object.keys(resources) };
  await expect(stack('CreateStack', { Resources: { ...resources, Taken: taken } })).rejects.toThrow('always');
  const remaining = await repositories();
  expect(remaining.filter((name) => name.startsWith('first-'))).toEqual(['first-always']);
  await stack('DeleteStack');
  await stack('CreateStack', { Resources: { Kept: resources.Kept, Gone: resources.Gone } });
  expect(await repositories()).toEqual([...remaining, 'first-gone', 'first-kept'].sort());
});

test('a local stack that fails to update removes the resources that it created, and the next update creates them', async () => {
  const kept = { Kept: repository('first-kept', 'RetainExceptOnCreate'), Gone: repository('first-gone', 'Delete') };
  const more = { More: repository('more', 'RetainExceptOnCreate') };
  const taken = { ...repository('always', 'Delete'), DependsOn: ['More'] };
  await expect(stack('UpdateStack', { Resources: { ...kept, ...more, Taken: taken } })).rejects.toThrow('always');
  expect(await repositories()).not.toContain('more');
  await stack('UpdateStack', { Resources: { ...kept, ...more } });
  expect(await repositories()).toEqual(expect.arrayContaining(['first-gone', 'first-kept', 'more']));
});
