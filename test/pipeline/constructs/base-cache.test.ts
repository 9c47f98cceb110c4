import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deploymentPermissions } from '../../../lib/pipeline';
import { accountOf } from '../../iam/account';
import { catalogOf, exampleCatalog, pullRequestsOf, resourcesOf, synthesize } from '../synthesize';

const example = readFileSync(join(exampleCatalog, 'platform.yaml'), 'utf8');
const registry = '111111111111.dkr.ecr.eu-west-1.amazonaws.com';
const secretArn = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:ecr-pullthroughcache/docker-hub-AbCdEf';
const withBases = catalogOf({
  platform: example
    .replaceAll('public.ecr.aws/docker/library/golang@', `${registry}/acme/base/hub/library/golang@`)
    .replace('gcr.io/distroless/static-debian13@', `${registry}/acme/platform/bases/static@`),
});
const types = ['AWS::ECR::PullThroughCacheRule', 'AWS::ECR::RepositoryCreationTemplate'] as const;
const repository = (name: string) => `arn:aws:ecr:eu-west-1:111111111111:repository/${name}`;

test('by default, a platform caches no registry and no role has permissions on a cache', () => {
  const assembly = synthesize();
  expect(types.flatMap((type) => resourcesOf(assembly, type))).toEqual([]);
  expect(JSON.stringify([...assembly.templates])).not.toMatch(/BatchImportUpstreamImage|PullBases/);
});

test('a registry is cached below a prefix of the platform, in encrypted repositories', () => {
  const assembly = synthesize({ baseCache: [{ host: 'docker.io', secretArn }, { host: 'public.ecr.aws' }] });
  expect(resourcesOf(assembly, types[0]).map(({ Properties }) => Properties)).toEqual([
    { EcrRepositoryPrefix: 'acme/base/hub', UpstreamRegistryUrl: 'registry-1.docker.io', CredentialArn: secretArn },
    { EcrRepositoryPrefix: 'acme/base/ecr', UpstreamRegistryUrl: 'public.ecr.aws' },
  ]);
  expect(resourcesOf(assembly, types[1]).map(({ Properties }) => Properties)).toEqual([
    expect.objectContaining({
      Prefix: 'acme/base',
      AppliedFor: ['PULL_THROUGH_CACHE'],
      EncryptionConfiguration: { EncryptionType: 'AES256' },
    }),
  ]);
});

test('the prefix of the longest platform name is within the limit of ECR', () => {
  const long = { ...withBases.platform, name: 'p'.repeat(16) };
  const assembly = synthesize({
    parsed: { ...withBases, platform: long },
    baseCache: [
      { host: 'registry.gitlab.com', secretArn },
      { host: 'quay.io' },
      { host: 'registry.k8s.io' },
      { host: 'ghcr.io', secretArn },
    ],
  });
  for (const { Properties } of resourcesOf(assembly, types[0])) {
    expect(String(Properties.EcrRepositoryPrefix).length).toBeLessThanOrEqual(30);
  }
});

test.each([
  [[{ host: 'gcr.io' }], 'got: gcr.io. Copy base images of other registries by digest'],
  [[{ host: 'docker.io' }], 'is required for docker.io'],
  [[{ host: 'quay.io' }, { host: 'quay.io' }], 'got twice: quay.io'],
  [[{ host: 'ghcr.io', secretArn: secretArn.replace('ecr-pullthroughcache/', '') }], 'must be the ARN of a secret'],
])('%j is refused with a reason', (baseCache, reason) => {
  expect(() => synthesize({ baseCache: baseCache as never })).toThrow(reason);
});

describe('a catalog with base images in the account of the pipelines', () => {
  const account = accountOf(synthesize({ parsed: withBases, pullRequests: pullRequestsOf() }));
  const builders = ['acme-hello-build', 'acme-hello-pr', 'acme-toolbox'];

  test('allows the build roles to pull each of them by name', () => {
    for (const name of ['acme/base/hub/library/golang', 'acme/platform/bases/static']) {
      expect(account.whoMay('ecr:BatchGetImage', repository(name))).toEqual(expect.arrayContaining(builders));
      expect(account.whoMay('ecr:PutImage', repository(name))).toEqual([]);
    }
    for (const role of builders) {
      expect(account.may(role, 'ecr:BatchGetImage', repository('acme/base/hub/library/python'))).toBe('denied');
    }
  });

  test('allows the build roles to fetch missing images into a cached repository only', () => {
    for (const action of ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository']) {
      expect(account.whoMay(action, repository('acme/base/hub/library/golang'))).toEqual(builders);
      expect(account.whoMay(action, repository('acme/platform/bases/static'))).toEqual([]);
      expect(account.whoMay(action, repository('acme/base/hub/library/python'))).toEqual([]);
    }
  });

  test('adds permissions to create cache rules to its deployment policy', () => {
    const ids = (platform: typeof withBases.platform) => deploymentPermissions(platform).map(({ id }) => id);
    expect(ids(withBases.platform)).toEqual(expect.arrayContaining(['BaseCache', 'BaseCacheRole', 'BaseCacheSecrets']));
    expect(ids(catalogOf({}).platform).filter((id) => id.startsWith('BaseCache'))).toEqual([]);
  });
});
