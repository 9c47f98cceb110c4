import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type ImageBuilder, ServicePipeline, serviceNames } from '../../../lib/pipeline';
import { catalogOf, featureFlags, pullRequestsOf, type Resource, resourcesOf, synthesize } from '../synthesize';

const service = (name: string) =>
  `{ version: 1, name: ${name}, team: storefront, source: { repository: acme/${name} } }`;
const two = catalogOf({ services: [service('hello'), service('other')] });
const one = catalogOf({ services: [service('hello')] });

describe('removing a service', () => {
  test('leaves only its own stack to delete, and changes no other stack', () => {
    const before = synthesize({ parsed: two }).templates;
    const after = synthesize({ parsed: one }).templates;
    expect([...before.keys()].filter((name) => !after.has(name))).toEqual(['acme-service-other']);
    for (const [name, template] of after) {
      expect(template).toEqual(before.get(name));
    }
  });

  test('keeps its images, evidence and log, and deletes its cache', () => {
    const resources = Object.values(synthesize({ parsed: two }).templates.get('acme-service-other')?.Resources ?? {});
    const retained = resources.filter(({ DeletionPolicy }) => DeletionPolicy === 'RetainExceptOnCreate');
    expect(retained.map(({ Properties }) => Properties.RepositoryName ?? Properties.LogGroupName).sort()).toEqual([
      '/bowline/acme-other-build',
      'acme/other',
      'acme/signatures/other',
    ]);
    const cache = resources.find(({ Properties }) => Properties?.RepositoryName === 'acme/cache/other') as Resource;
    expect(cache.DeletionPolicy).toBe('Delete');
    expect(cache.Properties.EmptyOnDelete).toBe(true);
  });

  test('needs no order, because no stack imports from another one', () => {
    for (const template of synthesize({ parsed: two }).templates.values()) {
      expect(JSON.stringify(template)).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput/);
      expect(JSON.stringify(template)).not.toMatch(/"Export":/);
    }
  });
});

describe('renaming a service', () => {
  const before = synthesize({ parsed: two }).templates;
  const after = synthesize({ parsed: catalogOf({ services: [service('hello'), service('renamed')] }) }).templates;
  const namesIn = (stack: string, from = after) =>
    Object.values(from.get(stack)?.Resources ?? {})
      .map(({ Properties }) => Properties?.RepositoryName ?? Properties?.LogGroupName ?? Properties?.RoleName)
      .filter((name) => name !== undefined);

  test('creates a new stack beside the old one, which remains until it is destroyed', () => {
    expect([...after.keys()].filter((name) => !before.has(name))).toEqual(['acme-service-renamed']);
    expect([...before.keys()].filter((name) => !after.has(name))).toEqual(['acme-service-other']);
  });

  test('reuses no name of the old stack, so both can exist at the same time', () => {
    const old = namesIn('acme-service-other', before);
    expect(namesIn('acme-service-renamed')).toEqual(old.map((name) => String(name).replace('other', 'renamed')));
    expect(namesIn('acme-service-renamed').filter((name) => old.includes(name))).toEqual([]);
    expect(namesIn('acme-service-renamed')).toEqual(
      expect.arrayContaining(['acme/renamed', 'acme/signatures/renamed', 'acme/cache/renamed']),
    );
  });

  test('changes no other stack', () => {
    for (const [name, template] of after) {
      if (name !== 'acme-service-renamed') {
        expect(template).toEqual(before.get(name));
      }
    }
  });
});

test('stacks are deployed in the order toolbox, keys, shared resources, services', () => {
  const names = [...synthesize({ parsed: two }).templates.keys()];
  expect(names).toEqual(['acme-toolbox', 'acme-keys', 'acme-platform', 'acme-service-hello', 'acme-service-other']);
});

test('synth rejects services whose artifacts CodePipeline stores in one folder', () => {
  const names = ['payment-gateway-api', 'payment-gateway-worker', 'payment-gate'];
  const described = names.map((name) => ({ ...(one.services[0] as (typeof one.services)[0]), name }));
  expect(() => synthesize({ parsed: { ...one, services: described } })).toThrow(
    'the artifacts of payment-gateway-api, payment-gateway-worker in one folder',
  );
});

test('the longest names that the catalog allows are within the limits of AWS', () => {
  const name = `s${'x'.repeat(39)}`;
  const long = { ...one.platform, name: 'p'.repeat(16) };
  const assembly = synthesize({
    parsed: { platform: long, services: [{ ...(one.services[0] as (typeof one.services)[0]), name }] },
    pullRequests: pullRequestsOf(),
  });
  const limits: Readonly<Record<string, readonly [string, number]>> = {
    'AWS::IAM::Role': ['RoleName', 64],
    'AWS::CodeBuild::Project': ['Name', 150],
    'AWS::CodePipeline::Pipeline': ['Name', 100],
    'AWS::S3::Bucket': ['BucketName', 63],
    'AWS::ECR::Repository': ['RepositoryName', 256],
    'AWS::Events::Rule': ['Name', 64],
  };
  for (const [type, [property, limit]] of Object.entries(limits)) {
    const lengths = resourcesOf(assembly, type).map(({ Properties }) => String(Properties[property]).length);
    expect(lengths.length).toBeGreaterThan(0);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(limit);
  }
});

test('names of services cannot collide with names of the platform', () => {
  const collidingNames = [
    'keys',
    'platform',
    'scan',
    'sign',
    'promote',
    'signatures',
    'cache',
    'pull-requests',
    'hello',
    'hello-build',
    'hello-pr',
  ];
  const assembly = synthesize({
    parsed: catalogOf({ services: collidingNames.map(service) }),
    pullRequests: pullRequestsOf(),
  });
  for (const [type, property] of [
    ['AWS::IAM::Role', 'RoleName'],
    ['AWS::CodeBuild::Project', 'Name'],
    ['AWS::CodePipeline::Pipeline', 'Name'],
    ['AWS::ECR::Repository', 'RepositoryName'],
    ['AWS::Logs::LogGroup', 'LogGroupName'],
  ] as const) {
    const names = resourcesOf(assembly, type).map(({ Properties }) => Properties[property]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  }
});

describe('the constructs outside of Platform', () => {
  const platform = one.platform;
  const [hello] = one.services;
  const bundle = {
    bucket: 'assets',
    key: 'bundle.zip',
    hash: 'ab'.repeat(32),
    catalogKey: 'catalog.zip',
    catalogHash: 'cd'.repeat(32),
  };

  test('ServicePipeline works in another stack, with a custom builder', () => {
    const builder: ImageBuilder = { bindBuilder: () => ({ projectName: 'their-builder' }) };
    const app = new App({ analyticsReporting: false, context: featureFlags() });
    const stack = new Stack(app, 'Theirs', { env: platform.pipeline });
    const pipeline = new ServicePipeline(stack, 'Hello', {
      platform,
      service: hello as NonNullable<typeof hello>,
      bundle,
      builder,
    });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::CodeBuild::Project', 0);
    expect(JSON.stringify(template.toJSON())).toContain('project/their-builder');
    expect(pipeline.repositories.images.repositoryName).toBeDefined();
    expect(pipeline.release.pipeline.stages.map(({ stageName }) => stageName)).toEqual([
      'Source',
      'Build',
      'Scan',
      'PromoteDev',
      'PromoteProd',
    ]);
  });

  test('the accounts of environments can pull images and evidence, and no caches', () => {
    const policies = resourcesOf(synthesize({ parsed: one }), 'AWS::ECR::Repository').map(({ Properties }) => [
      Properties.RepositoryName,
      JSON.stringify(Properties.RepositoryPolicyText ?? null).match(/[0-9]{12}:root/g) ?? [],
    ]);
    const { images, signatures, cache } = serviceNames(platform, 'hello');
    const accounts = ['222222222222:root', '333333333333:root'];
    expect(Object.fromEntries(policies)).toEqual({
      [images]: accounts,
      [signatures]: accounts,
      [cache]: [],
      'acme/platform/toolbox': [],
    });
  });
});
