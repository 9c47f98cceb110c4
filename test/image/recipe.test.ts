import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadCatalog, type Platform, parseCatalog, type Service } from '../../lib/catalog';
import { createImageRecipe, parseEmbedPatterns, parseLocalReplacements, type SourceInfo } from '../../lib/image';

const root = join(__dirname, '..', '..');
const catalogPlatform = readFileSync(join(root, 'catalog/platform.yaml'), 'utf8');

function parseService(build: string): { platform: Platform; service: Service } {
  const result = parseCatalog({ file: 'p', text: catalogPlatform }, [
    { file: 's', text: `version: 1\nname: shop\nteam: a\nsource: { repository: a/shop }\nbuild: ${build}\n` },
  ]);
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return { platform: result.catalog.platform, service: result.catalog.services[0] as Service };
}

const defaultSource: SourceInfo = {
  goMod: 'module example.com/shop\n\ngo 1.26\n\nrequire golang.org/x/net v0.33.0\n',
  hasGoSum: true,
  hasVendor: false,
  embeds: [],
};

function recipe(build = '{}', source: Partial<SourceInfo> = {}) {
  const { platform, service } = parseService(build);
  return createImageRecipe(platform, service, { ...defaultSource, ...source });
}

test.each([
  ['a static binary without tools', '{}', 'scratch'],
  ['a static binary with debugging tools', '{ debugTools: true }', 'alpine'],
  ['a binary that links C', '{ cgo: true }', 'distroless'],
  ['an explicit build.base', '{ base: distroless }', 'distroless'],
])('%s has the matching base: %#', (_, build, base) => {
  expect(recipe(build).base.kind).toBe(base);
});

test('dependencies have a layer before the source, and the source is compiled without network access', () => {
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

test('every compilation starts with the compile cache of the build, or with an empty one', () => {
  const { dockerfile } = recipe('{ binaries: [windows/amd64] }');
  const mounts = dockerfile.split('\n').filter((line) => line.includes('--mount=type=cache'));
  expect(mounts).toHaveLength(3);
  for (const mount of mounts) {
    expect(mount).toContain('--mount=type=cache,id=go-build-shop,from=compile-cache,target=/cache ');
  }
  expect(dockerfile).toContain('FROM --platform=$BUILDPLATFORM scratch AS compile-cache\n');
});

test.each([
  ['a required module', '{}', { goMod: defaultSource.goMod.replace('v0.33.0', 'v0.34.0') }],
  ['a build tag', '{ tags: [netgo] }', {}],
  ['a target platform', '{ platforms: [linux/arm64] }', {}],
  ['cgo', '{ cgo: true }', {}],
  ['a vendor folder', '{}', { hasVendor: true }],
])('%s changes the compile cache', (_, build, source) => {
  expect(recipe(build, source).compileCache).not.toBe(recipe().compileCache);
});

test('link flags and the source do not change the compile cache', () => {
  const changed = recipe('{ linkFlags: [-X=main.version=2] }', { embeds: [{ directory: 'a', patterns: ['*'] }] });
  expect(changed.compileCache).toBe(recipe().compileCache);
});

test('with a vendor folder nothing is downloaded', () => {
  const { dockerfile, vendored } = recipe('{}', { hasVendor: true });
  expect(vendored).toBe(true);
  expect(dockerfile).toContain('GOFLAGS=-mod=vendor');
  expect(dockerfile).not.toContain('download');
});

test('build.vendor: never excludes the vendor folder from the context', () => {
  const { dockerignore, dockerfile } = recipe('{ vendor: never }', { hasVendor: true });
  expect(dockerfile).toContain('GOFLAGS=-mod=readonly');
  expect(dockerignore.split('\n')).toContain('vendor');
});

test.each([
  ['a required vendor folder that is missing', '{ vendor: always }', {}, /no vendor folder next to go\.mod/],
  [
    'a module outside the source',
    '{}',
    { goMod: 'module x\nreplace example.com/lib => ../lib\n' },
    /replaces a module with \.\.\/lib/,
  ],
  ['requirements without go.sum', '{}', { hasGoSum: false }, /there is no go\.sum/],
])('%s is an error with a remedy', (_, build, source, message) => {
  expect(() => recipe(build, source)).toThrow(expect.objectContaining({ code: 'recipe', exitCode: 3 }));
  expect(() => recipe(build, source)).toThrow(message);
});

test('the image runs the binary directly as an unprivileged user', () => {
  for (const build of ['{}', '{ debugTools: true }', '{ cgo: true }']) {
    expect(recipe(build).dockerfile).toContain('USER 65532:65532\nENTRYPOINT ["/shop"]');
  }
});

test('no command of a Dockerfile runs in a shell', () => {
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

test('standalone binaries are cross-compiled in separate stages', () => {
  const { dockerfile } = recipe('{ binaries: [windows/amd64, linux/mips] }');
  expect(dockerfile).toContain('ENV GOOS=windows GOARCH=amd64 CGO_ENABLED=0');
  expect(dockerfile).toContain('"/out/shop-windows-amd64.exe"');
  expect(dockerfile).toContain('"/out/shop-linux-mips"');
});

test('additional link flags follow the default ones', () => {
  expect(recipe('{ linkFlags: [-X=example.com/shop/version.Name=blue] }').dockerfile).toContain(
    '"-ldflags=-s -w -buildid= -X=example.com/shop/version.Name=blue"',
  );
});

test('the build context is an allow-list that ends with the exclusion of secrets', () => {
  const lines = recipe('{}', { embeds: [{ directory: 'web', patterns: ['static', 'all:templates/*.html'] }] })
    .dockerignore.trim()
    .split('\n');
  expect(lines[1]).toBe('**');
  expect(lines).toEqual(expect.arrayContaining(['!**/*.go', '!go.mod', '!web/static', '!web/templates/*.html']));
  for (const secret of ['**/.git', '**/.env', '**/*.pem', '**/*.key', '**/*.log', '**/cdk.out']) {
    expect(lines.indexOf(secret)).toBeGreaterThan(lines.lastIndexOf('!web/static'));
  }
});

test.each(['h', 's', 'syso'])(
  'the build context includes *.%s files for the Go assembler and linker, even without cgo',
  (extension) => {
    const { dockerignore } = recipe();
    expect(dockerignore.split('\n')).toContain(`!**/*.${extension}`);
  },
);

const embeddingVendor: Partial<SourceInfo> = {
  hasVendor: true,
  embeds: [
    { directory: 'web', patterns: ['tls.key'] },
    { directory: 'vendor/example.com/roots', patterns: ['all:certs', 'roots.pem'] },
  ],
};

test('embedded files of vendored packages override the exclusion of secrets, but those of the service do not', () => {
  const lines = recipe('{}', embeddingVendor).dockerignore.trim().split('\n');
  expect(lines.slice(-2)).toEqual(['!vendor/example.com/roots/certs', '!vendor/example.com/roots/roots.pem']);
  expect(lines.indexOf('!web/tls.key')).toBeLessThan(lines.indexOf('**/*.key'));
});

test('embedded files of vendored packages are excluded if the vendor folder is not used', () => {
  expect(recipe('{ vendor: never }', embeddingVendor).dockerignore).not.toContain('!vendor');
});

test('files of build.include override every exclusion', () => {
  expect(recipe('{ include: [certs/roots.pem] }').dockerignore.trimEnd().endsWith('!certs/roots.pem')).toBe(true);
});

test('embed directives are parsed like in Go', () => {
  expect(
    parseEmbedPatterns(
      'package a\n\n//go:embed a.txt b/*.html\nvar x string\n//go:embed "with space" `raw`\n// go:embed no\n',
    ),
  ).toEqual(['a.txt', 'b/*.html', 'with space', 'raw']);
});

test('local replacements are found in single directives and in blocks', () => {
  expect(
    parseLocalReplacements('replace a => ./a\nreplace (\n\tb v1.0.0 => ../b // why\n\tc => d v1.0.0\n)\n'),
  ).toEqual(['./a', '../b']);
});

test('the recipe is deterministic and contains no commit and no date', () => {
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

test('every decision has a reason', () => {
  const { platform, services } = loadCatalog(join(root, 'catalog'));
  const { decisions } = createImageRecipe(platform, services[0] as Service, defaultSource);
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
  for (const { reason } of decisions) {
    expect(reason.length).toBeGreaterThan(15);
  }
});
