import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadCatalog, type Platform, parseCatalog, type Service } from '../../lib/catalog';
import { embedPatterns, localReplacements, recipeOf, type SourceFacts } from '../../lib/image';

const root = join(__dirname, '..', '..');
const catalogPlatform = readFileSync(join(root, 'catalog/platform.yaml'), 'utf8');

function described(build: string): { platform: Platform; service: Service } {
  const result = parseCatalog({ file: 'p', text: catalogPlatform }, [
    { file: 's', text: `version: 1\nname: shop\nteam: a\nsource: { repository: a/shop }\nbuild: ${build}\n` },
  ]);
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return { platform: result.catalog.platform, service: result.catalog.services[0] as Service };
}

const plain: SourceFacts = {
  goMod: 'module example.com/shop\n\ngo 1.26\n\nrequire golang.org/x/net v0.33.0\n',
  hasGoSum: true,
  hasVendor: false,
  embeds: [],
};

function recipe(build = '{}', facts: Partial<SourceFacts> = {}) {
  const { platform, service } = described(build);
  return recipeOf(platform, service, { ...plain, ...facts });
}

test.each([
  ['a static binary without tools', '{}', 'scratch'],
  ['a static binary with debugging tools', '{ debugTools: true }', 'alpine'],
  ['a binary that links C', '{ cgo: true }', 'distroless'],
  ['what build.base says', '{ base: distroless }', 'distroless'],
])('%s stands on the base that fits: %#', (_, build, base) => {
  expect(recipe(build).base.kind).toBe(base);
});

test('dependencies come in a layer before the source, and the source is compiled without network', () => {
  const { dockerfile } = recipe();
  const lines = dockerfile.split('\n');
  const download = lines.indexOf('RUN ["go", "mod", "download"]');
  const compile = lines.findIndex((line) =>
    line.startsWith('RUN --network=none --mount=type=bind,target=/source --mount=type=cache'),
  );
  expect(lines.indexOf('COPY go.mod go.sum ./')).toBeLessThan(download);
  expect(download).toBeLessThan(compile);
  expect(lines[download + 1]).toBe('RUN ["go", "mod", "verify"]');
  expect(lines[compile]).toContain(
    '["go", "build", "-v", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-o", "/out/root/shop", "."]',
  );
});

test('everything that compiles begins with the compile cache that a build names, or with none', () => {
  const { dockerfile } = recipe('{ binaries: [windows/amd64] }');
  const mounts = dockerfile.split('\n').filter((line) => line.includes('--mount=type=cache'));
  expect(mounts).toHaveLength(3);
  for (const mount of mounts) {
    expect(mount).toContain('--mount=type=cache,id=go-build-shop,from=compile-cache,target=/cache ');
  }
  expect(dockerfile).toContain('FROM --platform=$BUILDPLATFORM scratch AS compile-cache\n');
});

test.each([
  ['a module that is required', '{}', { goMod: plain.goMod.replace('v0.33.0', 'v0.34.0') }],
  ['a build tag', '{ tags: [netgo] }', {}],
  ['a platform', '{ platforms: [linux/arm64] }', {}],
  ['cgo', '{ cgo: true }', {}],
  ['a vendor folder', '{}', { hasVendor: true }],
])('%s asks for another compile cache', (_, build, facts) => {
  expect(recipe(build, facts).compileCache).not.toBe(recipe().compileCache);
});

test('link flags and the source leave the compile cache as it is', () => {
  const changed = recipe('{ linkFlags: [-X=main.version=2] }', { embeds: [{ directory: 'a', patterns: ['*'] }] });
  expect(changed.compileCache).toBe(recipe().compileCache);
});

test('a vendor folder is used without any download', () => {
  const { dockerfile, vendored } = recipe('{}', { hasVendor: true });
  expect(vendored).toBe(true);
  expect(dockerfile).toContain('GOFLAGS=-mod=vendor');
  expect(dockerfile).not.toContain('download');
});

test('build.vendor: never leaves the vendor folder out of the context', () => {
  const { dockerignore, dockerfile } = recipe('{ vendor: never }', { hasVendor: true });
  expect(dockerfile).toContain('GOFLAGS=-mod=readonly');
  expect(dockerignore.split('\n')).toContain('vendor');
});

test.each([
  ['a vendor folder that is wanted and missing', '{ vendor: always }', {}, /no vendor folder beside go\.mod/],
  [
    'a module outside of the source',
    '{}',
    { goMod: 'module x\nreplace example.com/lib => ../lib\n' },
    /replaces a module by \.\.\/lib/,
  ],
  ['requirements without go.sum', '{}', { hasGoSum: false }, /there is no go\.sum/],
])('%s is refused with the way out', (_, build, facts, message) => {
  expect(() => recipe(build, facts)).toThrow(expect.objectContaining({ code: 'recipe', exitCode: 3 }));
  expect(() => recipe(build, facts)).toThrow(message);
});

test('the image runs as an unprivileged user and starts the binary itself', () => {
  for (const build of ['{}', '{ debugTools: true }', '{ cgo: true }']) {
    expect(recipe(build).dockerfile).toContain('USER 65532:65532\nENTRYPOINT ["/shop"]');
  }
});

test('no command of a Dockerfile is read by a shell', () => {
  for (const build of ['{}', '{ debugTools: true }', '{ cgo: true }', '{ binaries: [windows/amd64, linux/mips] }']) {
    const commands = recipe(build)
      .dockerfile.split('\n')
      .filter((line) => line.startsWith('RUN'));
    expect(commands.length).toBeGreaterThan(0);
    for (const line of commands) {
      expect(line).toMatch(/^RUN (?:--\S+ )*\["[a-z]+"(?:, "[^"]*")*\]$/);
    }
  }
});

test('plain binaries are cross-compiled in stages of their own', () => {
  const { dockerfile } = recipe('{ binaries: [windows/amd64, linux/mips] }');
  expect(dockerfile).toContain('ENV GOOS=windows GOARCH=amd64 CGO_ENABLED=0');
  expect(dockerfile).toContain('"/out/shop-windows-amd64.exe"');
  expect(dockerfile).toContain('"/out/shop-linux-mips"');
});

test('more link flags come behind those that are always there', () => {
  expect(recipe('{ linkFlags: [-X=example.com/shop/version.Name=blue] }').dockerfile).toContain(
    '"-ldflags=-s -w -buildid= -X=example.com/shop/version.Name=blue"',
  );
});

test('the build context is an allow-list, and secrets go out again behind it', () => {
  const lines = recipe('{}', { embeds: [{ directory: 'web', patterns: ['static', 'all:templates/*.html'] }] })
    .dockerignore.trim()
    .split('\n');
  expect(lines[1]).toBe('**');
  expect(lines).toEqual(expect.arrayContaining(['!**/*.go', '!go.mod', '!web/static', '!web/templates/*.html']));
  for (const secret of ['**/.git', '**/.env', '**/*.pem', '**/*.key', '**/*.log', '**/cdk.out']) {
    expect(lines.indexOf(secret)).toBeGreaterThan(lines.lastIndexOf('!web/static'));
  }
});

test.each(['h', 's', 'syso'])('the assembler and the linker of Go get their *.%s, also without cgo', (extension) => {
  const { dockerignore } = recipe();
  expect(dockerignore.split('\n')).toContain(`!**/*.${extension}`);
});

const embeddingVendor: Partial<SourceFacts> = {
  hasVendor: true,
  embeds: [
    { directory: 'web', patterns: ['tls.key'] },
    { directory: 'vendor/example.com/roots', patterns: ['all:certs', 'roots.pem'] },
  ],
};

test('what a vendored package embeds comes in behind the secrets, and what the service embeds does not', () => {
  const lines = recipe('{}', embeddingVendor).dockerignore.trim().split('\n');
  expect(lines.slice(-2)).toEqual(['!vendor/example.com/roots/certs', '!vendor/example.com/roots/roots.pem']);
  expect(lines.indexOf('!web/tls.key')).toBeLessThan(lines.indexOf('**/*.key'));
});

test('what a vendored package embeds stays out where the vendor folder is not used', () => {
  expect(recipe('{ vendor: never }', embeddingVendor).dockerignore).not.toContain('!vendor');
});

test('a file that is named on purpose comes in last of all', () => {
  expect(recipe('{ include: [certs/roots.pem] }').dockerignore.trimEnd().endsWith('!certs/roots.pem')).toBe(true);
});

test('embed directives are read as Go reads them', () => {
  expect(
    embedPatterns(
      'package a\n\n//go:embed a.txt b/*.html\nvar x string\n//go:embed "with space" `raw`\n// go:embed no\n',
    ),
  ).toEqual(['a.txt', 'b/*.html', 'with space', 'raw']);
});

test('local replacements are found alone and in blocks', () => {
  expect(localReplacements('replace a => ./a\nreplace (\n\tb v1.0.0 => ../b // why\n\tc => d v1.0.0\n)\n')).toEqual([
    './a',
    '../b',
  ]);
});

test('the recipe of a service and a source is always the same, and carries nothing else', () => {
  const builds = fc.record({
    debugTools: fc.boolean(),
    tags: fc.uniqueArray(fc.constantFrom('netgo', 'osusergo', 'pro')),
  });
  fc.assert(
    fc.property(builds, fc.boolean(), (build, hasVendor) => {
      const text = JSON.stringify(build);
      const first = recipe(text, { hasVendor });
      expect(recipe(text, { hasVendor })).toEqual(first);
      expect(first.dockerfile).not.toMatch(/\b[0-9a-f]{40}\b|20\d\d-\d\d/);
    }),
    { numRuns: 50 },
  );
});

test('every decision is explained', () => {
  const { platform, services } = loadCatalog(join(root, 'catalog'));
  const { decisions } = recipeOf(platform, services[0] as Service, plain);
  expect(decisions.map(({ subject }) => subject)).toEqual([
    'base',
    'builder',
    'modules',
    'cgo',
    'platforms',
    'compiler',
    'linker',
    'UPX',
    'cache',
    'user',
  ]);
  for (const { because } of decisions) {
    expect(because.length).toBeGreaterThan(15);
  }
});
