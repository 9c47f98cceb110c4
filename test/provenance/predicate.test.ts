import { join } from 'node:path';
import { loadCatalog, type Platform, requireService } from '../../lib/catalog';
import {
  binaryProvenance,
  buildType,
  imageProvenance,
  type ProvenanceInput,
  readProvenance,
  withoutInvocation,
} from '../../lib/provenance';
import {
  branchRef,
  canonicalJson,
  commitSha,
  digest,
  digestOf,
  imageReference,
  imageRepository,
} from '../../lib/values';

const catalog = loadCatalog(join(__dirname, '..', '..', 'catalog'));
const service = requireService(catalog, 'hello');
const image = (name: string, hex: string) => imageReference(imageRepository(name), digest(`sha256:${hex}`));
const platform: Platform = { ...catalog.platform, toolbox: image('registry.example/acme/toolbox', '7'.repeat(64)) };
const pipeline = 'arn:aws:codepipeline:eu-west-1:111111111111:acme-hello';
const onAws = {
  builder: { kind: 'codebuild', pipeline },
  execution: '0000-1111',
  bundle: 'b'.repeat(64),
  catalog: 'c'.repeat(64),
} as const;
const input = (changes: Partial<ProvenanceInput> = {}): ProvenanceInput => ({
  platform,
  service,
  release: {
    source: { repository: 'acme/hello', commit: commitSha('c'.repeat(40)), ref: branchRef('main') },
    moduleFiles: { 'go.sum': digestOf('sum'), 'go.mod': digestOf('mod') },
    verdict: { outcome: 'passed', reasons: [], findings: [], databases: [], policy: digestOf('policy') },
  },
  run: onAws,
  ...changes,
});
const dependencies = (made: ReturnType<typeof imageProvenance>) =>
  made.buildDefinition.resolvedDependencies.map(({ name }) => name);
const hex = (image: string) => image.slice(image.indexOf('@sha256:') + '@sha256:'.length);

test('names the pipeline and its execution, the source by commit, and every image that the recipe builds from', () => {
  const { buildDefinition, runDetails } = imageProvenance(input());
  expect(runDetails).toEqual({
    builder: { id: `https://bowline.dev/builders/codebuild/v1/${pipeline}` },
    metadata: { invocationId: '0000-1111' },
  });
  expect(buildDefinition).toMatchObject({
    buildType,
    externalParameters: {
      artifact: 'image',
      service: 'hello',
      source: { repository: 'acme/hello', ref: 'refs/heads/main', directory: service.source.directory },
      platforms: ['linux/amd64', 'linux/arm64'],
      main: service.build.main,
      build: { cgo: false },
    },
    internalParameters: {
      platform: 'acme',
      bundle: 'b'.repeat(64),
      catalog: 'c'.repeat(64),
      policy: digestOf('policy'),
    },
  });
  expect(buildDefinition.resolvedDependencies).toEqual([
    { name: 'source', uri: 'git+https://github.com/acme/hello@refs/heads/main', digest: { gitCommit: 'c'.repeat(40) } },
    expect.objectContaining({ name: 'builder', digest: { sha256: hex(platform.bases.builder) } }),
    expect.objectContaining({ name: 'donor', digest: { sha256: hex(platform.bases.static) } }),
    { name: 'source/go.mod', digest: { sha256: digestOf('mod').slice(7) } },
    { name: 'source/go.sum', digest: { sha256: digestOf('sum').slice(7) } },
    {
      name: 'toolbox',
      uri: `pkg:oci/toolbox@sha256%3A${'7'.repeat(64)}?repository_url=registry.example%2Facme%2Ftoolbox`,
      digest: { sha256: '7'.repeat(64) },
    },
  ]);
});

test('an image on a base has that base, and none to copy files from', () => {
  const alpine = image('registry.example/alpine', 'a'.repeat(64));
  const made = imageProvenance(
    input({
      platform: { ...platform, bases: { ...platform.bases, alpine } },
      service: { ...service, build: { ...service.build, base: 'alpine' } },
    }),
  );
  expect(dependencies(made).slice(0, 3)).toEqual(['source', 'builder', 'runtime']);
  expect(made.buildDefinition.resolvedDependencies[2]?.digest).toEqual({ sha256: 'a'.repeat(64) });
});

test('a local run claims neither where its checkout comes from nor a toolbox', () => {
  const made = imageProvenance(input({ run: { builder: { kind: 'local' } } }));
  expect(dependencies(made)).not.toContain('toolbox');
  expect(made.buildDefinition.resolvedDependencies[0]).toEqual({
    name: 'source',
    digest: { gitCommit: 'c'.repeat(40) },
  });
  expect(made.runDetails).toEqual({ builder: { id: 'https://bowline.dev/builders/local/v1' } });
});

test('a plain binary has the builder alone, and its own platform', () => {
  const made = binaryProvenance(input(), 'windows/amd64');
  expect(made.buildDefinition.externalParameters).toMatchObject({ artifact: 'binary', platforms: ['windows/amd64'] });
  expect(dependencies(made)).toEqual(['source', 'builder', 'source/go.mod', 'source/go.sum', 'toolbox']);
});

test('names the private modules, and no secret', () => {
  const modules = {
    private: ['github.com/acme'],
    credential: { kind: 'netrc' as const, secret: 'acme/modules/storefront' },
  } as unknown as NonNullable<typeof service.build.modules>;
  const text = canonicalJson(imageProvenance(input({ service: { ...service, build: { ...service.build, modules } } })));
  expect(text).toContain('"privateModules": [\n          "github.com/acme"');
  expect(text).not.toContain('acme/modules/storefront');
});

test('the same release and run give the same bytes, and a later execution differs in its ID only', () => {
  expect(canonicalJson(imageProvenance(input()))).toBe(canonicalJson(imageProvenance(input())));
  const later = imageProvenance(input({ run: { ...onAws, execution: '2222-3333' } }));
  expect(canonicalJson(later)).not.toBe(canonicalJson(imageProvenance(input())));
  expect(withoutInvocation(later)).toEqual(withoutInvocation(imageProvenance(input())));
  const elsewhere = imageProvenance(input({ run: { builder: { kind: 'local' } } }));
  expect(withoutInvocation(elsewhere)).not.toEqual(withoutInvocation(later));
});

test.each([[null], ['text'], [{}], [{ runDetails: null }]])('%j has no invocation to leave out', (value) => {
  expect(withoutInvocation(value)).toEqual(value);
});

test('a verifier reads what was written', () => {
  expect(readProvenance(imageProvenance(input()))).toEqual({
    ok: true,
    claims: {
      buildType,
      builder: `https://bowline.dev/builders/codebuild/v1/${pipeline}`,
      artifact: 'image',
      service: 'hello',
      repository: 'acme/hello',
      ref: 'refs/heads/main',
      commit: 'c'.repeat(40),
    },
  });
});
