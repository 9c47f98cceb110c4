import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderer } from '../../charts/render';
import { type RescanContext, rescanCommand } from '../../lib/cli/actions/rescan';
import { mustRun } from '../../lib/process';
import { catalogFacts, promote, silentReporter } from '../../lib/steps';
import { publish } from '../../lib/steps/gitops/publish';
import { defaultReaders } from '../../lib/verify';
import { nothingFound } from '../steps/gitops/ledger-fixtures';
import { type Bench, stateOf } from './bench';
import { databasesOfTomorrow, publishedLater } from './databases-of-tomorrow';
import { built, localRun, openWorkbench, scanned, signed, type Workbench } from './workbench';

jest.setTimeout(900_000);

/** A release that runs, in the light of advisories that are published later, with the real registry, cosign, grype and trivy. */
let workbench: Workbench;
let bench: Bench;
let release: Awaited<ReturnType<typeof signed>>;
const known = 'CVE-2024-45338';
const inADay = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

/** Accepts an advisory about a package for a day, in the catalog of the bench. */
function accept(id: string): void {
  writeFileSync(
    join(release.directory, 'accepted-risks.yaml'),
    `version: 1\nrisks:\n  - { id: ${id}, package: golang.org/x/net, reason: parses only our own pages, owner: storefront, expires: ${inADay} }\n`,
  );
}

beforeAll(async () => {
  workbench = await openWorkbench(stateOf('rescan'));
  bench = workbench.open('uncalled');
  const made = await built(workbench, bench);
  const risk = {
    id: known,
    package: 'golang.org/x/net',
    reason: 'it parses none',
    owner: 'storefront',
    expires: inADay,
  };
  const catalog = { ...made.catalog, acceptedRisks: [risk] };
  release = await signed(bench, await scanned(bench, { ...made, catalog }));
  const ledger = { repository: bench.ledger };
  await mustRun({
    program: 'git',
    arguments: ['init', '--quiet', '--bare', '--initial-branch=main', bench.ledger],
    timeoutSeconds: 30,
  });
  await publish({ catalog, ledger, renderer, check: nothingFound });
  await promote({
    release: release.release,
    environment: 'prod',
    class: 'production',
    publicKey: release.publicKey,
    signatures: release.names.signatureRepository,
    catalog: catalogFacts(catalog, 'uncalled', release.names.imageRepository),
    now: new Date(),
    databases: 'fixture',
    builder: localRun.builder,
    ledger,
    renderer,
    reporter: silentReporter,
  });
});
afterAll(() => workbench?.close());

const printed: string[] = [];
beforeEach(() => {
  accept(known);
  printed.length = 0;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = 0;
});

interface Answer {
  readonly ok: boolean;
  readonly summary: Readonly<Record<string, number>>;
  readonly releases: readonly {
    readonly outcome: string;
    readonly environments: readonly string[];
    readonly code?: string;
    readonly message?: string;
    readonly verdict?: { readonly reasons: readonly { readonly code: string; readonly message: string }[] };
    readonly since?: readonly { readonly id: string; readonly aliases: readonly string[] }[];
  }[];
}

async function rescan(
  changes: {
    readonly names?: readonly string[];
    readonly keys?: string;
    readonly json?: boolean;
    readonly env?: string;
  } = {},
  context: RescanContext = {},
) {
  await rescanCommand(
    changes.names ?? [],
    {
      catalog: release.directory,
      keys: changes.keys ?? bench.directory,
      json: changes.json ?? true,
      env: changes.env,
      parallel: '2',
      vulnerabilityDatabase: 'fixture',
    },
    context,
  );
  const text = printed.join('');
  return { exitCode: process.exitCode, text, answer: (changes.json === false ? {} : JSON.parse(text)) as Answer };
}

/** Databases with an advisory that nobody knew when the release was scanned. */
function databasesWithNewAdvisory(severity: string) {
  return databasesOfTomorrow(join(bench.directory, `tomorrow-${severity}`), severity);
}

test('a release passes again with the databases that it was scanned with', async () => {
  const { exitCode, answer } = await rescan();
  expect(answer).toMatchObject({
    ok: true,
    summary: { passed: 1, blocked: 0 },
    releases: [{ outcome: 'passed', service: 'uncalled', environments: ['prod'], since: [] }],
  });
  expect(exitCode).toBe(0);
});

test('an advisory that is published later blocks it, and is named as new, until its risk is accepted', async () => {
  const databases = await databasesWithNewAdvisory('critical');
  const { exitCode, answer } = await rescan({}, { databases });
  expect(exitCode).toBe(2);
  expect(answer.releases[0]).toMatchObject({ outcome: 'blocked', since: [{ aliases: expect.arrayContaining([]) }] });
  const [since] = answer.releases[0]?.since ?? [];
  expect([since?.id, ...(since?.aliases ?? [])]).toContain(publishedLater);
  printed.length = 0;
  const { text } = await rescan({ json: false }, { databases });
  expect(text).toMatch(/^blocked +uncalled +prod .*1 new$/m);
  expect(text).toMatch(
    /^ {2}new: .*CVE-2026-99999.* \(critical\) in golang\.org\/x\/net v0\.32\.0, fixed in 99\.0\.0/m,
  );
  expect(text).toContain('1 release at ledger commit');

  writeFileSync(
    join(release.directory, 'accepted-risks.yaml'),
    `${readFileSync(join(release.directory, 'accepted-risks.yaml'), 'utf8')}  - { id: ${publishedLater}, package: golang.org/x/net, reason: not reached, owner: storefront, expires: ${inADay} }\n`,
  );
  printed.length = 0;
  expect(await rescan({}, { databases })).toMatchObject({ exitCode: 0, answer: { ok: true } });
});

test('a risk that is no longer accepted blocks it, and is not new', async () => {
  rmSync(join(release.directory, 'accepted-risks.yaml'));
  const { exitCode, answer } = await rescan();
  expect(exitCode).toBe(2);
  expect(answer.releases[0]).toMatchObject({ outcome: 'blocked', since: [] });
  expect(answer.releases[0]?.verdict?.reasons).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ code: 'finding-blocks', message: expect.stringContaining(known) }),
    ]),
  );
});

test('a release that another key signed is not verified', async () => {
  const keys = join(bench.directory, 'other-keys');
  mkdirSync(keys);
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(keys, 'production.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  const { exitCode, answer } = await rescan({ keys });
  expect(exitCode).toBe(2);
  expect(answer.releases).toMatchObject([{ outcome: 'not-verified', code: 'key-mismatch' }]);
});

test('a registry that does not answer, and a database that is not there, are inconclusive', async () => {
  const silent = async () => ({ kind: 'unknown', message: 'connection refused' }) as const;
  const registry = { manifest: silent, blob: silent };
  const { exitCode, answer } = await rescan({}, { readers: { ...defaultReaders, registry } });
  expect(answer.releases).toMatchObject([{ outcome: 'inconclusive', code: 'registry-unreachable' }]);
  expect(exitCode).toBe(1);

  printed.length = 0;
  const databases = { ...(await databasesWithNewAdvisory('low')), trivy: join(bench.directory, 'nothing') };
  expect(await rescan({}, { databases })).toMatchObject({
    exitCode: 1,
    answer: { releases: [{ outcome: 'inconclusive' }] },
  });
});

test('a service that does not run, and an environment that does not exist, are bad input', async () => {
  for (const changes of [{ names: ['nosuch'] }, { env: 'nosuch' }]) {
    await expect(rescan(changes)).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining('nosuch') });
  }
});
