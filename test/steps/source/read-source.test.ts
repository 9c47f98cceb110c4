import { rmSync } from 'node:fs';
import { createImageRecipe } from '../../../lib/image';
import { readSource } from '../../../lib/steps';
import { parseService } from '../../image/parse-service';
import { type Checkout, embedding, goMod, openCheckout, program } from '../checkout';

let checkout: Checkout;
beforeEach(() => {
  checkout = openCheckout();
});
afterEach(() => checkout.dispose());

/** The recipe of a service with this source, or its error. */
async function recipe(build = '{}', source = '{ repository: acme/shop }') {
  const { platform, service } = parseService(build, source);
  return createImageRecipe(platform, service, await readSource(checkout.directory, service));
}

test('a checkout that does not exist is an error of the input', async () => {
  const { service } = parseService();
  await expect(readSource('/does/not/exist', service)).rejects.toMatchObject({ code: 'input', exitCode: 3 });
});

test('the modules of the repository are named where source.directory has none', async () => {
  checkout.write({ 'services/cart/go.mod': goMod('example.com/cart'), 'services/cart/main.go': program() });
  await expect(recipe()).rejects.toMatchObject({
    code: 'recipe',
    exitCode: 3,
    message:
      'shop: there is no go.mod in the root of the source: set source.directory to the folder of the module (the repository has modules in services/cart)',
  });
});

test('embedded files are in the context, also tests and dotfiles that a pattern matches', async () => {
  checkout.write({
    'go.mod': goMod('example.com/shop'),
    'main.go':
      'package main\n\nimport "embed"\n\nvar (\n\t//go:embed all:scaffold banner.txt\n\tfiles embed.FS\n)\n\nfunc main() {}\n',
    'banner.txt': '',
    'scaffold/.gitignore': '',
    'scaffold/handler_test.go': 'package scaffold\n',
    'scaffold/page.html': '',
  });
  expect((await recipe()).dockerignore.trim().split('\n').slice(-2)).toEqual(['!banner.txt', '!scaffold']);
});

const withSecrets = {
  'go.mod': goMod('example.com/files'),
  'main.go': embedding('assets all:scaffold'),
  'assets/site.css': '',
  'assets/changes.log': '',
  'assets/certs/partner-root.pem': '',
  'scaffold/.env.example': '',
  'scaffold/handler_test.go': 'package scaffold\n',
};

test('embedded files that the context leaves out are an error with their names, the pattern and build.include', async () => {
  checkout.write(withSecrets);
  await expect(recipe()).rejects.toMatchObject({
    code: 'recipe',
    exitCode: 3,
    message: `shop: the program embeds files that the build context leaves out, because their names are those of keys, credentials, settings or logs. The image would not contain the program that go build makes:
  scaffold/.env.example (main.go:5:19: pattern all:scaffold)
  assets/certs/partner-root.pem (main.go:5:12: pattern assets)
  assets/changes.log (main.go:5:12: pattern assets)
If everybody who can pull the image may read them, set build.include: [scaffold/.env.example, assets/certs/partner-root.pem, assets/changes.log]. Otherwise, move them out of the pattern.`,
  });
});

test('build.include lets embedded files in, by file or by folder', async () => {
  checkout.write(withSecrets);
  const { dockerignore } = await recipe('{ include: [assets/certs, assets/changes.log, scaffold/.env.example] }');
  expect(dockerignore.trim().split('\n').slice(-3)).toEqual([
    '!assets/certs',
    '!assets/changes.log',
    '!scaffold/.env.example',
  ]);
});

test('a pattern that matches nothing is an error at its position, and no hint about keys is printed', async () => {
  checkout.write({ 'go.mod': goMod('example.com/shop'), 'main.go': embedding('dist') });
  await expect(recipe()).rejects.toMatchObject({ code: 'does-not-compile', exitCode: 3 });
  await expect(recipe()).rejects.toThrow(/\n {2}main\.go:5:12: pattern dist: no matching files found$/);
  await expect(recipe()).rejects.not.toThrow(/build\.include|\.pem/);
});

test('a vendored module may be replaced by a folder outside of the source', async () => {
  const list =
    '# example.com/log v0.0.0 => ../../libs/log\n## explicit; go 1.26\nexample.com/log\n# example.com/log => ../../libs/log\n';
  checkout.write({
    'services/cart/go.mod': goMod(
      'example.com/cart',
      'require example.com/log v0.0.0',
      'replace example.com/log => ../../libs/log',
    ),
    'services/cart/main.go': program('example.com/log'),
    'services/cart/vendor/modules.txt': list,
    'services/cart/vendor/example.com/log/log.go': 'package log\n',
  });
  const source = '{ repository: acme/shop, directory: services/cart }';
  const { layout, dockerfile } = await recipe('{ vendor: always }', source);
  expect(layout).toEqual({ root: 'services/cart', module: '.', workspace: false, vendored: true, moduleOnly: true });
  expect(dockerfile).toContain('GOFLAGS=-mod=vendor');
  await expect(recipe('{ vendor: never }', source)).rejects.toThrow(
    'services/cart/go.mod:7 replaces example.com/log with ../../libs/log, which has no go.mod in acme/shop',
  );
  checkout.write({ 'libs/log/go.mod': goMod('example.com/log'), 'libs/log/log.go': 'package log\n' });
  expect((await recipe('{ vendor: never }', source)).layout).toMatchObject({ root: '.', module: 'services/cart' });
});

test('a replacement in a comment is none, and one that nothing requires does not matter', async () => {
  checkout.write({
    'go.mod': goMod(
      'example.com/greeter',
      'replace (\n\t//example.com/log => ../log\n\texample.com/unused => ../../elsewhere\n\texample.com/a => example.com/b v1.0.0\n)',
    ),
    'main.go': program(),
  });
  expect((await recipe()).layout.root).toBe('.');
});

test.each(['../log', './../log', '"../log"', '/srv/log'])(
  'a required module that is replaced by %s, outside of the repository, is an error at its position',
  async (folder) => {
    checkout.write({
      'go.mod': goMod('example.com/greeter', 'require example.com/log v0.0.0', `replace example.com/log => ${folder}`),
      'main.go': program('example.com/log'),
    });
    await expect(recipe()).rejects.toThrow(
      /go\.mod:7 replaces example\.com\/log with .*log, outside of the repository: vendor the module/,
    );
  },
);

test('requirements that folders of the source provide need no go.sum, and others do', async () => {
  checkout.write({
    'go.mod': goMod(
      'example.com/api',
      'require example.com/api/clock v0.0.0',
      'replace example.com/api/clock => ./clock',
    ),
    'main.go': program('example.com/api/clock'),
    'clock/go.mod': goMod('example.com/api/clock'),
    'clock/clock.go': 'package clock\n',
  });
  expect((await recipe()).dockerfile).toContain('COPY go.mod ./\nCOPY clock/go.mod clock/\n');
  checkout.write({ 'go.mod': goMod('example.com/api', 'require example.com/other v1.0.0') });
  await expect(recipe()).rejects.toThrow(
    'shop: go.mod requires example.com/other, but there is no go.sum to verify it: run go mod tidy and commit go.sum',
  );
});

test('a workspace needs no go.sum for its own modules', async () => {
  checkout.write({
    'go.work': 'go 1.26\n\nuse (\n\t./libs/money\n\t./services/billing\n)\n',
    'libs/money/go.mod': goMod('example.com/money'),
    'libs/money/money.go': 'package money\n',
    'services/billing/go.mod': goMod('example.com/billing', 'require example.com/money v0.0.0'),
    'services/billing/main.go': program('example.com/money'),
  });
  const { layout } = await recipe('{}', '{ repository: acme/shop, directory: services/billing }');
  expect(layout).toMatchObject({ root: '.', module: 'services/billing', workspace: true });
});

test('a vendor folder that does not match go.mod is an error before anything is built', async () => {
  checkout.write({
    'go.mod': goMod('example.com/cart', 'require example.com/log v1.0.0'),
    'main.go': program('example.com/log'),
    'vendor/modules.txt': '# example.com/log v0.9.0\n## explicit\nexample.com/log\n',
    'vendor/example.com/log/log.go': 'package log\n',
  });
  await expect(recipe()).rejects.toMatchObject({ code: 'modules-unfit', exitCode: 3 });
  await expect(recipe()).rejects.toThrow(/vendor\/modules\.txt does not match go\.mod: run go mod vendor and commit/);
});

test.each([
  [
    '{}',
    'build.main (.) is package orders, a library and not a program: set build.main to a main package: ./cmd/server',
  ],
  [
    '{ main: ./cmd/none }',
    'build.main (./cmd/none) is not a folder of the module in .: set build.main to a main package: ./cmd/server',
  ],
  ['{ main: ./docs }', 'build.main (./docs) has no Go files: set build.main to a main package: ./cmd/server'],
  [
    '{ main: ./windows }',
    'build.main (./windows) has no Go files for linux/amd64 and linux/arm64, because build constraints exclude main_windows.go',
  ],
  [
    '{ main: ./tools/gen }',
    'build.main (./tools/gen) belongs to another module: set source.directory to tools, and build.main to the package in it',
  ],
])('a main package %s is refused with the candidates', async (build, message) => {
  checkout.write({
    'go.mod': goMod('example.com/orders'),
    'orders.go': 'package orders\n',
    'cmd/server/main.go': program('example.com/orders'),
    'docs/readme.md': '',
    'windows/main_windows.go': program(),
    'tools/go.mod': goMod('example.com/tools'),
    'tools/gen/main.go': program(),
  });
  await expect(recipe(build)).rejects.toMatchObject({ code: 'recipe', exitCode: 3 });
  await expect(recipe(build)).rejects.toThrow(message);
});

test('cgo that the catalog does not declare is an error with the file and build.cgo', async () => {
  checkout.write({
    'go.mod': goMod('example.com/a'),
    'main.go': program('example.com/a/lib'),
    'lib/lib.go': 'package lib\n\nimport "C"\n',
  });
  await expect(recipe()).rejects.toThrow(
    'shop: package example.com/a/lib needs cgo, which is off: lib/lib.go imports "C", and the package has no other Go files for linux/amd64 and linux/arm64: set build.cgo: true',
  );
  expect((await recipe('{ cgo: true }')).base.kind).toBe('distroless');
  checkout.write({ 'lib/pure.go': '//go:build !cgo\n\npackage lib\n' });
  expect((await recipe()).decisions.find(({ subject }) => subject === 'cgo')?.reason).toContain(
    'Without cgo, other files are compiled in example.com/a/lib',
  );
});

test('a pointer of Git LFS never gets into an image', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 7340032\n';
  checkout.write({
    'go.mod': goMod('example.com/geo'),
    'main.go': embedding('cities.bin'),
    'cities.bin': pointer,
    'web/page.html': pointer,
  });
  await expect(recipe()).rejects.toMatchObject({ code: 'recipe', exitCode: 3 });
  await expect(recipe()).rejects.toThrow(
    /pointers of Git LFS.*\n {2}cities\.bin\nSet source\.clone: full, [^.]*\. Otherwise, commit the content to git itself/,
  );
  checkout.write({ 'cities.bin': 'content' });
  expect((await recipe()).dockerignore).toContain('!cities.bin');
  await expect(recipe('{ files: [web] }')).rejects.toThrow(/web\/page\.html/);
});

test.each([
  [
    'do not exist',
    '{ files: [web/none] }',
    'build.files lists web/none, which does not exist in .: correct the path, or commit the files',
  ],
  ['are an empty folder', '{ files: [web/empty] }', 'build.files lists web/empty, which contains no files in .'],
  [
    'contain a key',
    '{ files: [web] }',
    /build\.files lists web, and the names of these files in it are those of keys.*:\n {2}web\/tls\.key\n/,
  ],
])('build.files that %s are an error', async (_, build, message) => {
  checkout.write({
    'go.mod': goMod('example.com/portal'),
    'main.go': program(),
    'web/tls.key': '',
    'web/page.html': '',
    'web/empty/deep/x': '',
  });
  rmSync(`${checkout.directory}/web/empty/deep/x`);
  await expect(recipe(build)).rejects.toThrow(message);
  expect((await recipe('{ files: [web/tls.key, web/page.html] }')).dockerfile).toContain('/app/web/tls.key');
});
