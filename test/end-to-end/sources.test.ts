import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createImageRecipe } from '../../lib/image';
import { nativeArchitecture } from '../../lib/local/base-images/debian';
import { mustRun, run } from '../../lib/process';
import { readSource } from '../../lib/steps';
import { toolPath } from '../../lib/tools';
import { type Bench, stateOf } from './bench';
import { built, describeService, openWorkbench, scanned, type Workbench } from './workbench';

jest.setTimeout(900_000);

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench(stateOf('sources'));
});
afterAll(() => workbench?.close());

test.each([
  ['links C code', 'cgo', 'cgo', 'cgo says 42'],
  ['has a vendor folder, in which something embeds a certificate', 'vendored', 'vendored', 'the vendored roots'],
])(
  'a service that %s passes the whole pipeline, and its program prints the right text',
  async (_, source, name, output) => {
    const bench = workbench.open(source, name);
    const result = await bench.run();
    expect(result.failed).toBeUndefined();
    expect(result).toMatchObject({ verdict: 'passed', signed: true });
    expect(Object.keys(result.promoted)).toEqual(['dev', 'prod']);
    expect(await outputOf(bench, `${result.image?.repository}@${result.image?.digest}`, name)).toContain(output);
  },
);

test('builds and scans one of two commands, with assembly, headers and a linked file', async () => {
  const bench = workbench.open('commands', 'front');
  const made = await built(workbench, bench);
  const { repository, digest } = made.release.image;
  expect(await outputOf(bench, `${repository}@${digest}`, 'front')).toContain('front says 42');
  // govulncheck follows calls from this command, not from the module's root, which has no main package.
  expect((await scanned(bench, made)).release.verdict.outcome).toBe('passed');
});

/** Output of the image's program on this machine, in its own root file system, as the image's user. */
async function outputOf(bench: Bench, image: string, name: string): Promise<string> {
  const root = join(bench.directory, 'root');
  mkdirSync(root);
  const platform = `linux/${nativeArchitecture()}`;
  await mustRun({
    program: toolPath('crane'),
    arguments: ['--insecure', 'export', '--platform', platform, image, `${root}.tar`],
    timeoutSeconds: 60,
  });
  await mustRun({ program: 'tar', arguments: ['-xf', `${root}.tar`, '-C', root], timeoutSeconds: 60 });
  const { stdout, stderr } = await run({
    program: 'chroot',
    arguments: ['--userspec=65532:65532', root, `/${name}`],
    timeoutSeconds: 20,
  });
  return stdout + stderr;
}

test('builds the other command of a module and exactly the requested binaries, also the second time', async () => {
  const bench = workbench.open('commands', 'back');
  const first = await built(workbench, bench);
  const { service } = first;
  const file = `back-linux-${nativeArchitecture()}`;
  expect(first.release.binaries.map((binary) => [binary.platform, binary.file])).toEqual(
    service.build.binaries.map((platform) => [platform, `back-${platform.replace('/', '-')}`]),
  );
  const folder = join(bench.directory, 'binaries');
  const { stderr } = await mustRun({ program: join(folder, file), arguments: [], timeoutSeconds: 20 });
  expect(stderr).toContain('back says 2');
  // A binary of a platform that was dropped, and a file of the user.
  writeFileSync(join(folder, 'back-linux-mips'), 'x');
  writeFileSync(join(folder, 'notes.txt'), 'x');
  const second = await built(workbench, bench);
  expect(second.release).toEqual(first.release);
  expect(readdirSync(folder).sort()).toEqual(
    ['SHA256SUMS', 'notes.txt', ...first.release.binaries.map((binary) => binary.file)].sort(),
  );
});

test('a source that does not compile fails with the lines of the compiler, and is not retried', async () => {
  const bench = workbench.open('shop');
  edit(bench, 'main.go', (text) => `${text}\nfunc broken() { readTimeout() }\n`);
  const result = await bench.run();
  expect(result.failed).toMatchObject({ action: 'Build/Build', exitCode: 3 });
  expect(result.failed?.log).toMatch(
    /^bowline: shop does not compile for linux\/\w+:\n {2}main\.go:\d+:\d+: undefined: readTimeout$/,
  );
  expect(bench.notes.join('\n')).not.toContain('trying again');
});

test('a source that requires a newer Go than the builder has fails with both versions', async () => {
  const bench = workbench.open('shop');
  edit(bench, 'go.mod', (text) => text.replace(/^go .*$/m, 'go 1.99'));
  const message = await bench.run().then(
    (result) => result.failed?.log,
    (error: Error) => error.message,
  );
  expect(message).toMatch(/shop: go\.mod requires Go 1\.99 or newer, but the builder has Go 1\./);
});

function edit(bench: Bench, file: string, change: (text: string) => string): void {
  const path = join(bench.source, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

test('the build context has what the compiler reads, and no secret', async () => {
  const bench = workbench.open('shop');
  const { catalog, service } = await describeService(workbench, bench);
  const planted: Readonly<Record<string, string>> = {
    '.git/config': 'x',
    '.env': 'SECRET=1',
    'tls.pem': 'x',
    'deep/id_rsa': 'x',
    'app.log': 'x',
    'cdk.out/manifest.json': '{}',
    'README.md': 'x',
    'main_test.go': 'package main\n',
    'web/page.html': '<p>',
    'web/private.key': 'x',
    'web/embed.go': 'package web\n\nimport "embed"\n\n//go:embed page.html\nvar Files embed.FS\n',
    'use_web.go': 'package main\n\nimport _ "example.com/shop/web"\n',
    'web/sum_arm64.s': '#include "registers.h"\n',
    'web/registers.h': '',
  };
  for (const [path, text] of Object.entries(planted)) {
    mkdirSync(dirname(join(bench.source, path)), { recursive: true });
    writeFileSync(join(bench.source, path), text);
  }
  const recipe = createImageRecipe(catalog.platform, service, await readSource(bench.source, service));
  const dockerfiles = join(bench.directory, 'context-dockerfile');
  mkdirSync(dockerfiles);
  writeFileSync(join(dockerfiles, 'Dockerfile'), 'FROM scratch\nCOPY . /\n');
  writeFileSync(join(dockerfiles, 'Dockerfile.dockerignore'), recipe.dockerignore);
  const out = join(bench.directory, 'context');
  await mustRun({
    program: toolPath('buildctl'),
    arguments: [
      ...['--addr', workbench.services.buildkit, 'build', '--frontend', 'dockerfile.v0'],
      ...['--local', `context=${bench.source}`, '--local', `dockerfile=${dockerfiles}`],
      ...['--output', `type=local,dest=${out}`],
    ],
    timeoutSeconds: 60,
  });
  const files = execFileSync('find', ['.', '-type', 'f'], { cwd: out, encoding: 'utf8' });
  expect(files.trim().split('\n').sort()).toEqual([
    './go.mod',
    './main.go',
    './use_web.go',
    './web/embed.go',
    './web/page.html',
    './web/registers.h',
    './web/sum_arm64.s',
  ]);
});
