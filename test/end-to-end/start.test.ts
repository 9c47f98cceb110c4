import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames } from '../../lib/pipeline/names';
import { run } from '../../lib/process';
import type { Built } from '../../lib/release';
import { build } from '../../lib/steps';
import { toolPath } from '../../lib/tools';
import { branchRef, commitSha } from '../../lib/values';
import { openBench, stateOf } from './bench';
import { describeService, openWorkbench, type Workbench } from './workbench';

// The first test compiles the standard library for two platforms.
jest.setTimeout(600_000);

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench(stateOf('start'));
});
afterAll(() => workbench?.close());

interface Start {
  /** Folder below cmd. */
  readonly main: string;
  /** Further lines of the service's file. */
  readonly catalog?: string;
  /** Fields of `build`. */
  readonly build?: string;
  /** Builds for scratch with cgo, which `check catalog` does not allow: what a wrong base of a platform comes to. */
  readonly cgoOnScratch?: boolean;
}

async function tagsOf(repository: string): Promise<readonly string[]> {
  const { stdout } = await run({
    program: toolPath('crane'),
    arguments: ['--insecure', 'ls', repository],
    timeoutSeconds: 30,
  });
  return stdout.trim().split('\n').sort();
}

/** All programs are one service, so that they share the cache of the compiler. */
async function start({ main, catalog = '', build: more = 'platforms: [linux/amd64]', cgoOnScratch = false }: Start) {
  const bench = openBench(join(__dirname, 'testdata', 'starts'), '', workbench.services.stateDirectory);
  try {
    const serviceFile = join(bench.directory, 'starts.yaml');
    writeFileSync(
      serviceFile,
      [
        'version: 1',
        'name: starts',
        'team: storefront',
        'source: { repository: acme/starts }',
        `build: { main: ./cmd/${main}, ${more} }`,
        catalog,
      ].join('\n'),
    );
    const bases = cgoOnScratch ? (['builder', 'builderCgo', 'static'] as const) : (['builder', 'static'] as const);
    const about = await describeService(workbench, { ...bench, serviceFile }, bases);
    const service = cgoOnScratch
      ? { ...about.service, build: { ...about.service.build, cgo: true, base: 'scratch' as const } }
      : about.service;
    const notes: string[] = [];
    const progress: string[] = [];
    const repository = serviceNames(about.catalog.platform, 'starts').imageRepository;
    const result: { readonly release?: Built; readonly error?: unknown } = await build({
      platform: about.catalog.platform,
      service,
      source: bench.source,
      commit: commitSha('a'.repeat(40)),
      ref: branchRef('main'),
      repository,
      buildkit: workbench.services.buildkit,
      hostNetwork: true,
      binariesDirectory: join(bench.directory, 'binaries'),
      reporter: { note: (text) => notes.push(text), progress: (text) => progress.push(text) },
    }).then(
      (release) => ({ release }),
      (error: unknown) => ({ error }),
    );
    return { ...result, repository, notes: notes.join('\n'), progress: progress.join('\n') };
  } finally {
    bench.dispose();
  }
}

const rejection = (code: string, message: RegExp) => ({
  code,
  exitCode: 2,
  message: expect.stringMatching(message),
});

test('a healthy image is started once: its record names both platforms, and a build without a change starts nothing', async () => {
  const first = await start({ main: 'healthy', build: 'platforms: [linux/amd64, linux/arm64]' });
  expect(first.error).toBeUndefined();
  const native = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';
  expect(first.release?.start).toEqual({
    outcome: 'started',
    platforms: { 'linux/amd64': 'not-started', 'linux/arm64': 'not-started', [native]: 'started' },
    warnings: [],
  });
  expect(first.notes).toMatch(/first start: ready after [\d.]+ s, GET \/ 200, ended [\d.]+ s after SIGTERM/);
  const second = await start({ main: 'healthy', build: 'platforms: [linux/amd64, linux/arm64]' });
  expect(second.release).toEqual(first.release);
  // The report of the first start, with its own times.
  expect(startNote(second.notes)).toBe(startNote(first.notes));
  expect(second.progress).toMatch(/start-probe","start"[^\n]*\n(?:[^\n]*\n)*?#\d+ CACHED/);
});

const startNote = (notes: string) => notes.split('\n').find((line) => line.startsWith('first start: ready'));

test.each<[string, Start, string, RegExp]>([
  [
    'listens on another port',
    { main: 'other-port', catalog: 'start: { timeout: 5s }' },
    'port-closed',
    /nothing listens on port 8080; the program listens on 9999: set the port in the catalog/,
  ],
  [
    'panics at once',
    { main: 'panics' },
    'exits-at-start',
    /ended with exit code 2 on its own: [\s\S]*Last lines of the program:\n {2}panic: assignment to entry in nil map/,
  ],
  [
    'panics at once, although it names a secret',
    { main: 'panics', catalog: 'environments: { dev: { secrets: { ORDERS_TOKEN: { name: orders, key: token } } } }' },
    'exits-at-start',
    /needs the secret ORDERS_TOKEN: give it start\.settings[\s\S]*assignment to entry in nil map/,
  ],
  [
    'has another label',
    { main: 'other-metrics' },
    'metrics-missing',
    /after GET \/: http_requests_total has no label code, but status\. The names are those of the preset (?:chi|podinfo): set metrics/,
  ],
  [
    'reads a file that is not in the image',
    { main: 'reads-a-file' },
    'exits-at-start',
    /ended with exit code 1[\s\S]*open web\/templates\/index\.html: no such file or directory/,
  ],
])('an image that %s is rejected with the reason', async (_, input, code, message) => {
  const { error, notes } = await start(input);
  expect(error).toMatchObject(rejection(code, message));
  expect(notes).not.toContain('trying again');
});

test('an image without the loader of its program is rejected', async () => {
  const { error } = await start({ main: 'links-c', cgoOnScratch: true });
  expect(error).toMatchObject(
    rejection('program-unstartable', /\/starts needs the loader \/lib\S*\/ld-linux\S+, which the image does not have/),
  );
});

test('an image whose start is rejected is started again by the next build, and is never pushed', async () => {
  const { repository } = await start({ main: 'healthy' });
  const before = await tagsOf(repository);
  const { error } = await start({ main: 'panics' });
  expect(error).toMatchObject({ code: 'exits-at-start' });
  const again = await start({ main: 'panics' });
  expect(again.error).toMatchObject({ code: 'exits-at-start' });
  expect(again.progress).not.toMatch(/start-probe","start"[^\n]*\n#\d+ CACHED/);
  // The registry also has the tags of earlier runs.
  expect(await tagsOf(repository)).toEqual(before);
});

test('an image that cannot become ready without what the catalog names is released with warnings', async () => {
  const { release, error, notes } = await start({
    main: 'other-port',
    catalog: 'start: { timeout: 2s }\nnetwork: { to: [{ cidr: 10.0.0.0/8, port: 5432 }] }',
  });
  expect(error).toBeUndefined();
  expect(release?.start?.warnings.map(({ code }) => code)).toEqual(['port-closed']);
  expect(notes).toContain('first start: warning port-closed: nothing listens on port 8080');
});

test('an image that ignores SIGTERM is released with a warning', async () => {
  const { release } = await start({ main: 'ignores-sigterm' });
  expect(release?.start?.warnings.map(({ code }) => code)).toEqual(['ignores-sigterm']);
});

test('an image that the catalog says not to start is recorded as skipped, with the reason', async () => {
  const { release, notes } = await start({ main: 'panics', catalog: 'start: { skip: "needs a device of the node" }' });
  expect(release?.start).toEqual({
    outcome: 'skipped',
    reason: 'needs a device of the node',
    platforms: { 'linux/amd64': 'skipped' },
    warnings: [],
  });
  expect(notes).toContain('first start: skipped: needs a device of the node');
});
