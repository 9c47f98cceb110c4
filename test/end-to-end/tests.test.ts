import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from '../../lib/steps';
import { toolPath } from '../../lib/tools';
import { branchRef, commitSha, imageRepository } from '../../lib/values';
import { type Bench, openBench, stateOf } from './bench';
import { describeService, openWorkbench, type Workbench } from './workbench';

// The first test compiles the standard library.
jest.setTimeout(900_000);

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench(stateOf('tests'));
});
afterAll(() => workbench?.close());

const mainFile = 'package main\n\nfunc main() {}\n\nfunc sum(a, b int) int { return a + b }\n';
const passingTests = `package main

import (
	"net"
	"os"
	"testing"
	"time"
)

func TestSum(t *testing.T) {
	if got := sum(1, 2); got != 3 {
		t.Errorf("sum(1, 2) is %d, want 3", got)
	}
}

func TestReadsItsFiles(t *testing.T) {
	for _, name := range []string{"testdata/key.pem", "schema.sql"} {
		if _, err := os.ReadFile(name); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(".env"); err == nil {
		t.Error(".env is in the context")
	}
	if err := os.WriteFile("testdata/out", nil, 0o644); err != nil {
		t.Error(err)
	}
}

func TestHasNoNetworkBesidesItsOwn(t *testing.T) {
	for _, address := range []string{"169.254.169.254:80", "169.254.170.2:80", "192.0.2.1:443"} {
		if connection, err := net.DialTimeout("tcp", address, 2*time.Second); err == nil {
			connection.Close()
			t.Errorf("reached %s", address)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Error(err)
	}
}

func TestHasNoCredentials(t *testing.T) {
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "BOWLINE_SECRET_0"} {
		if os.Getenv(name) != "" {
			t.Errorf("%s is set", name)
		}
	}
	if _, err := os.Stat("/root/.netrc"); err == nil {
		t.Error("/root/.netrc exists")
	}
}
`;

const source = {
  'go.mod': 'module example.com/tested\n\ngo 1.26\n',
  'main.go': mainFile,
  'main_test.go': passingTests,
  'testdata/key.pem': 'made for tests\n',
  'schema.sql': 'select 1;\n',
  '.env': 'TOKEN=secret\n',
};

/** Builds a source with these files. */
async function tested(files: Readonly<Record<string, string>>, test = 'go test ./...', bench = newBench()) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(bench.source, name)), { recursive: true });
    writeFileSync(join(bench.source, name), text);
  }
  const serviceFile = join(bench.directory, 'shop.yaml');
  writeFileSync(
    serviceFile,
    [
      'version: 1',
      'name: shop',
      'team: storefront',
      'source: { repository: acme/shop }',
      `build: { test: ${JSON.stringify(test)}, platforms: [linux/amd64] }`,
      'start: { skip: the program has no metrics }',
    ].join('\n'),
  );
  const about = await describeService(workbench, { ...bench, serviceFile });
  const notes: string[] = [];
  const result = await build({
    platform: about.catalog.platform,
    service: about.service,
    source: bench.source,
    commit: commitSha('a'.repeat(40)),
    ref: branchRef('main'),
    repository: imageRepository(`${workbench.registry}/acme/shop`),
    cacheRepository: imageRepository(`${workbench.registry}/acme/cache/shop`),
    buildkit: workbench.services.buildkit,
    hostNetwork: true,
    binariesDirectory: join(bench.directory, 'binaries'),
    reporter: { note: (text) => notes.push(text), progress: () => {} },
  }).then(
    (release) => ({ release, error: undefined }),
    (error: { readonly code: string; readonly message: string; readonly exitCode: number }) => ({
      release: undefined,
      error,
    }),
  );
  return { ...result, bench, notes: notes.join('\n') };
}

function newBench(): Bench {
  return openBench(join(__dirname, 'testdata', 'shop'), '', workbench.services.stateDirectory);
}

const marker = /unchanged since they passed/;

test('tests have their files, no network, no credentials, and are counted', async () => {
  const { release, error, notes } = await tested(source);
  expect(error).toBeUndefined();
  expect(release?.tests).toEqual({ passed: 4, skipped: 0, packages: 1 });
  expect(notes).toContain('tests: 4 passed in 1 package');
});

test('tests that passed do not run again for the same source, also not on a machine that has only the cache of the registry', async () => {
  // The first build has saved the cache of the compiler, with which the cache of the tests begins from now on.
  await tested(source);
  expect((await tested(source)).notes).toMatch(marker);
  execFileSync(toolPath('buildctl'), ['--addr', workbench.services.buildkit, 'prune', '--all'], { stdio: 'ignore' });
  expect((await tested(source)).notes).toMatch(marker);
  const changed = await tested({ ...source, 'schema.sql': 'select 2;\n' });
  expect(changed.error).toBeUndefined();
  expect(changed.notes).not.toMatch(marker);
});

test.each<[string, Readonly<Record<string, string>>, string, string, string]>([
  [
    'a failed test',
    { 'main.go': mainFile.replace('a + b', 'a - b') },
    'go test ./...',
    'tests-failed',
    'main_test.go:12: sum(1, 2) is -1, want 3',
  ],
  [
    'a test that does not compile',
    { 'main_test.go': passingTests.replace('sum(1, 2)', 'add(1, 2)') },
    'go test ./...',
    'tests-failed',
    'undefined: add',
  ],
  ['no test at all', {}, 'go test -run=^TestNothing$ ./...', 'no-tests', 'ran no test'],
  [
    'a test that waits',
    { 'main_test.go': passingTests.replace('if got :=', 'time.Sleep(time.Hour)\n\tif got :=') },
    'go test -timeout=5s ./...',
    'tests-timed-out',
    'within 5s',
  ],
])('%s stops the build before there is an image', async (_, files, command, code, text) => {
  const { release, error, notes } = await tested({ ...source, ...files }, command);
  expect(release).toBeUndefined();
  expect(error).toMatchObject({ code, exitCode: 2 });
  expect(error?.message).toContain(text);
  expect(notes).not.toContain('image ');
});
