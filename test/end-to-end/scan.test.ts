import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { platformNames } from '../../lib/pipeline/names';
import { sign, silentReporter, writeReleaseFolder } from '../../lib/steps';
import { cacheDirectory } from '../../lib/tools';
import { digestOf } from '../../lib/values';
import { type Bench, root, stateOf } from './bench';
import { built, identityOf, localRun, openWorkbench, scanned, type Workbench } from './workbench';

jest.setTimeout(900_000);

let workbench: Workbench;
let vulnerable: Bench;
let builtRelease: Awaited<ReturnType<typeof built>>;

beforeAll(async () => {
  workbench = await openWorkbench(stateOf('scan'));
  vulnerable = workbench.open('vulnerable');
  builtRelease = await built(workbench, vulnerable);
});
afterAll(() => workbench?.close());

test('blocks a service with a vulnerable module, names the fix, and does not sign it', async () => {
  const { release, sboms } = await scanned(vulnerable, builtRelease);
  expect(release.verdict.outcome).toBe('blocked');
  expect(release.verdict.reasons[0]?.message).toMatch(
    /CVE-2024-45338 .*golang\.org\/x\/net v0\.32\.0, fixed in 0\.33\.0: the vulnerable function is called/,
  );
  const signing = sign({
    platform: builtRelease.catalog.platform,
    service: builtRelease.service,
    run: localRun,
    release,
    identity: identityOf(builtRelease),
    sboms,
    class: 'production',
    key: platformNames(builtRelease.catalog.platform).key('production'),
    signatures: builtRelease.names.signatureRepository,
    reporter: silentReporter,
  });
  await expect(signing).rejects.toMatchObject({ code: 'verdict-not-passed', exitCode: 2 });
});

test('the pipeline stops at scan with exit code 2, names the fix, and commits no release', async () => {
  const result = await vulnerable.run();
  expect(result).toMatchObject({
    verdict: 'blocked',
    signed: false,
    promoted: {},
    failed: { action: 'Scan/Scan', exitCode: 2 },
  });
  expect(result.failed?.log).toContain('fixed in 0.33.0');
});

test('an image that is not the one in the registry is not scanned', async () => {
  const image = { ...builtRelease.release.image, platforms: { 'linux/amd64': digestOf('not there') } };
  const scanning = scanned(vulnerable, builtRelease, { release: { ...builtRelease.release, image } });
  await expect(scanning).rejects.toMatchObject({ code: 'platform-mismatch', exitCode: 2 });
});

test("without the scanners' databases the command exits with 1 and an inconclusive verdict", async () => {
  const folder = join(vulnerable.directory, 'built');
  const sha256 = writeReleaseFolder(folder, { release: builtRelease.release, files: {} });
  const words = [
    ...['scan', builtRelease.service.name, '--json', '--vulnerability-database', 'fixture'],
    ...['--catalog', builtRelease.directory, '--source', vulnerable.source],
    ...['--release', folder, '--record-sha256', sha256, '--out', join(vulnerable.directory, 'scanned')],
  ];
  const child = promisify(execFile)(process.execPath, [join(root, 'bin', 'bowline.mjs'), ...words], {
    env: { ...process.env, BOWLINE_CACHE: cacheWithoutDatabases() },
  });
  const ended = await child.catch((error: { code: number; stdout: string }) => error);
  expect(ended).toMatchObject({ code: 1 });
  const answer = JSON.parse(ended.stdout);
  // Whole, so that an unexpected error is in the report of the test.
  expect({ ...answer, release: undefined }).toEqual({
    ok: true,
    recordSha256: answer.recordSha256,
    release: undefined,
  });
  expect(answer.release.verdict.outcome).toBe('inconclusive');
  const failed = answer.release.verdict.reasons.filter(({ code }: { code: string }) => code === 'scanner-failed');
  expect(failed.length).toBeGreaterThanOrEqual(3);
});

/** A cache with the tools of this machine and nothing else. */
function cacheWithoutDatabases(): string {
  const cache = join(vulnerable.directory, 'cache');
  mkdirSync(cache);
  symlinkSync(join(cacheDirectory(), 'tools'), join(cache, 'tools'));
  return cache;
}
