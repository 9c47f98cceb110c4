import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import type { Catalog } from '../../lib/catalog';
import type { Built } from '../../lib/release';
import { catalogFacts, type EarlierEvidence, type ScanInput, sign, silentReporter } from '../../lib/steps';
import { commitSha } from '../../lib/values';
import { parsePublicKeys, readPublicKeys } from '../../lib/verify';
import { type Bench, stateOf } from './bench';
import { databasesOfTomorrow } from './databases-of-tomorrow';
import { built, identityOf, localRun, openWorkbench, scanned, signed, type Workbench } from './workbench';

jest.setTimeout(900_000);

/** A scan of an image that has signed evidence, with the real registry, cosign and scanners. */
let workbench: Workbench;
let bench: Bench;
let made: Awaited<ReturnType<typeof built>>;
let first: Awaited<ReturnType<typeof signed>>;
const notes: string[] = [];
const inADay = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  workbench = await openWorkbench(stateOf('reuse'));
  bench = workbench.open('uncalled');
  const builtHere = await built(workbench, bench);
  const risk = {
    id: 'CVE-2024-45338',
    package: 'golang.org/x/net',
    reason: 'it parses none',
    owner: 'storefront',
    expires: inADay,
  };
  made = { ...builtHere, catalog: { ...builtHere.catalog, acceptedRisks: [risk] } };
  first = await signed(bench, await scanned(bench, made));
});
afterAll(() => workbench?.close());
beforeEach(() => {
  notes.length = 0;
});

function earlierOf(catalog: Catalog, changes: Partial<EarlierEvidence> = {}): EarlierEvidence {
  return {
    signatures: first.names.signatureRepository,
    keys: new Map([['production', readPublicKeys(first.publicKey)]]),
    facts: catalogFacts(catalog, 'uncalled', first.names.imageRepository),
    builder: localRun.builder,
    ...changes,
  };
}

/** Scans the same image again. */
function scanAgain(
  changes: { readonly databases?: ScanInput['databases']; readonly catalog?: Catalog; readonly release?: Built } = {},
  earlier: Partial<EarlierEvidence> = {},
) {
  const catalog = changes.catalog ?? made.catalog;
  return scanned(
    bench,
    { ...made, catalog },
    {
      ...changes,
      earlier: earlierOf(catalog, earlier),
      reporter: { ...silentReporter, note: (text) => notes.push(text) },
    },
  );
}

test('the scan of an unchanged image is used again, as one of today', async () => {
  const again = await scanAgain();
  expect(notes[0]).toBe(
    `the scan of ${first.release.scannedAt} is used again: the same image, scanners, databases and policy`,
  );
  const { signatures: _, stage: __, scannedAt, ...scan } = first.release;
  expect(again.release).toEqual({ ...scan, stage: 'scanned', scannedAt: expect.any(String) });
  expect(again.release.scannedAt >= scannedAt).toBe(true);
  expect(again.sboms).toEqual(first.sboms);
  await sign({
    ...{ release: again.release, identity: identityOf(again), platform: again.catalog.platform },
    ...{ service: again.service, run: localRun, sboms: again.sboms, class: 'production', key: first.key },
    signatures: first.names.signatureRepository,
    reporter: { ...silentReporter, note: (text) => notes.push(text) },
  });
  expect(notes.at(-1)).toBe('signed by production: verdict, VEX');
});

test('the scan of the same image from another commit is used again for that commit', async () => {
  const source = { ...first.release.source, commit: commitSha('b'.repeat(40)) };
  const again = await scanAgain({ release: { ...made.release, source } });
  expect(again.release).toMatchObject({ stage: 'scanned', source });
  expect(again.release.verdict).toEqual(first.release.verdict);
});

test.each<[string, () => Promise<Parameters<typeof scanAgain>>, RegExp]>([
  [
    'databases with a new advisory',
    async () => [{ databases: await databasesOfTomorrow(join(bench.directory, 'tomorrow'), 'critical') }],
    /its databases are .*grype/,
  ],
  [
    'another policy',
    async () => {
      const { platform } = first.catalog;
      const findings = { ...platform.findings, reachable: 'by-severity' } as const;
      return [{ catalog: { ...first.catalog, platform: { ...platform, findings } } }];
    },
    /the policy has changed/,
  ],
  [
    'a key that has signed nothing',
    async () => {
      const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
      return [{}, { keys: new Map([['production', parsePublicKeys(pem, 'other.pub')]]) }];
    },
    /key-mismatch/,
  ],
])('with %s everything is scanned, and the reason is said', async (_, changes, reason) => {
  const again = await scanAgain(...(await changes()));
  expect(notes[0]).toMatch(/^no earlier scan can be used again: /);
  expect(notes[0]).toMatch(reason);
  expect(again.release.scannedAt).not.toBe(first.release.scannedAt);
  expect(again.release.verdict.databases.length).toBe(3);
});
