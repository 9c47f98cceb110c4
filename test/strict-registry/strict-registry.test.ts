import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, startServer } from '../../lib/local/services/server';
import { registryServer } from '../../lib/local/services/server-descriptions';
import { repositoryAt } from './push';
import { type RuleId, registryBehaviors, registryRules } from './rules';
import { type StrictRegistry, startStrictRegistry } from './strict-registry';

const absent = `sha256:${'0'.repeat(64)}`;
const repositories = {
  'acme/hello': { tags: 'immutable' },
  'acme/other': { tags: 'immutable' },
  'acme/signatures/hello': { tags: 'immutable', exclusions: ['sha256-*'] },
} as const;

let directory: string;
let server: RunningServer;
let registry: StrictRegistry;
let upstream: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bowline-strict-'));
  const port = await freePort();
  upstream = `127.0.0.1:${port}`;
  server = await startServer(registryServer(directory, port));
  registry = await startStrictRegistry({ upstream, repositories });
});

afterAll(async () => {
  await registry?.close();
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const hello = () => repositoryAt(registry.address, 'acme/hello');

/** A request that the rule refuses. */
const refusedRequests: Readonly<Record<RuleId, () => Promise<{ readonly status: number; readonly code?: string }>>> = {
  'repository-unknown': async () => {
    const other = repositoryAt(registry.address, 'acme/nobody');
    return other.image({ digest: absent, size: 1 });
  },
  'immutable-tag': async () => {
    const config = await hello().blob('{"tagged":true}');
    expect(await hello().image(config, { tag: 'v1' })).toMatchObject({ status: 201 });
    return hello().image(config, { tag: 'v1' });
  },
  'absent-subject': async () => hello().referrer(await hello().blob('{}'), absent),
  'absent-image': async () => hello().index([absent]),
  'absent-layer': async () => hello().image({ digest: absent, size: 1 }),
  'media-type-parameter': async () =>
    hello().image(await hello().blob('{}'), { artifactType: 'application/vnd.example;version=1' }),
  'referenced-image': async () => {
    const { digest } = await hello().image(await hello().blob('{"of":"index"}'));
    expect(await hello().index([digest])).toMatchObject({ status: 201 });
    return hello().delete(digest);
  },
};

test.each(Object.keys(registryRules) as RuleId[])('%s is refused with the code of ECR', async (rule) => {
  const { status, code } = registryRules[rule];
  expect(await refusedRequests[rule]()).toMatchObject({ status, code });
  expect(registry.refused.at(-1)?.rule).toBe(rule);
});

test('each line names where it is written', () => {
  for (const { source } of [...Object.values(registryRules), ...registryBehaviors]) {
    expect(source).toMatch(/^https:\/\//);
  }
});

test('a subject that is there is accepted, confirmed and listed, and its referrers go with it', async () => {
  const { digest: subject } = await hello().image(await hello().blob('{"subject":true}'));
  expect(await hello().referrers(subject)).toEqual([]);
  const first = await hello().referrer(await hello().blob('{}'), subject);
  expect(first).toMatchObject({ status: 201, subject });
  expect(await hello().referrers(subject)).toEqual([first.digest]);
  expect(await hello().delete(subject)).toMatchObject({ status: 202 });
  expect(await hello().referrers(subject)).toEqual([]);
  expect(await hello().status(`manifests/${first.digest}`)).toBe(404);
});

test('a tag that a filter excludes is moved', async () => {
  const signatures = repositoryAt(registry.address, 'acme/signatures/hello');
  for (const text of ['{"a":1}', '{"a":2}']) {
    const answer = await signatures.image(await signatures.blob(text), { tag: `sha256-${'1'.repeat(64)}` });
    expect(answer).toMatchObject({ status: 201 });
  }
});

test.each([
  [false, 202],
  [true, 201],
])('with mounts of layers %s, a mount is answered with %s', async (mountsBlobs, status) => {
  const { digest } = await hello().blob('{"mounted":true}');
  const own = await startStrictRegistry({ upstream, repositories, mountsBlobs });
  try {
    const { url } = repositoryAt(own.address, 'acme/other');
    const answer = await fetch(url(`blobs/uploads/?mount=${digest}&from=acme/hello`), { method: 'POST' });
    expect(answer.status).toBe(status);
  } finally {
    await own.close();
  }
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
