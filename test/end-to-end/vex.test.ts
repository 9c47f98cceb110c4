import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openVexType } from '../../lib/gate';
import { fixtureDatabases, toolPath } from '../../lib/tools';
import { imageReference } from '../../lib/values';
import { type Bench, stateOf } from './bench';
import { built, openWorkbench, scanned, signed, type Workbench } from './workbench';

jest.setTimeout(900_000);

const advisory = 'CVE-2024-45338';
const risk = {
  id: advisory,
  package: 'golang.org/x/net',
  reason: 'the program escapes text and parses none',
  owner: 'storefront',
  expires: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
};

let workbench: Workbench;
let bench: Bench;
let release: Awaited<ReturnType<typeof signed>>;
beforeAll(async () => {
  workbench = await openWorkbench(stateOf('vex'));
  bench = workbench.open('uncalled');
  const made = await built(workbench, bench);
  const catalog = { ...made.catalog, acceptedRisks: [risk] };
  release = await signed(bench, await scanned(bench, { ...made, catalog }));
});
afterAll(() => workbench?.close());

const image = () => imageReference(release.release.image.repository, release.release.image.digest);
const run = (tool: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  execFileSync(toolPath(tool), words, {
    cwd: empty(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: empty(), ...environment },
  });
function empty(): string {
  const folder = join(bench.directory, 'empty');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The document as a third party gets it: from the attestation, with the public key. */
function attestedDocument(): string {
  const words = ['--key', release.publicKey, '--insecure-ignore-tlog=true', '--allow-http-registry'];
  const output = run('cosign', ['verify-attestation', ...words, '--type', openVexType, image()], {
    COSIGN_REPOSITORY: release.names.signatureRepository,
  });
  const { payload } = JSON.parse(output.trim().split('\n')[0] as string);
  const statement = JSON.parse(Buffer.from(payload, 'base64').toString('utf8'));
  expect(statement).toMatchObject({ predicateType: openVexType });
  const file = join(bench.directory, 'vex.json');
  writeFileSync(file, JSON.stringify(statement.predicate));
  return file;
}

function grypeMatches(more: readonly string[] = []): readonly string[] {
  const output = run('grype', [`registry:${image()}`, '--output', 'json', '--quiet', ...more], {
    GRYPE_DB_CACHE_DIR: fixtureDatabases().grype,
    GRYPE_DB_AUTO_UPDATE: 'false',
    GRYPE_DB_VALIDATE_AGE: 'false',
    GRYPE_REGISTRY_INSECURE_USE_HTTP: 'true',
  });
  const { matches } = JSON.parse(output) as { matches: { vulnerability: { id: string } }[] };
  return matches.map(({ vulnerability }) => vulnerability.id);
}

function trivyFindings(more: readonly string[] = []): readonly string[] {
  const options = [
    '--cache-dir',
    fixtureDatabases().trivy,
    '--cache-backend',
    'memory',
    '--skip-db-update',
    '--offline-scan',
  ];
  const source = ['--image-src', 'remote', '--insecure', '--scanners', 'vuln', '--format', 'json', '--quiet'];
  const output = run('trivy', ['image', ...options, ...source, ...more, image()]);
  const { Results } = JSON.parse(output) as { Results: { Vulnerabilities?: { VulnerabilityID: string }[] }[] };
  return Results.flatMap(({ Vulnerabilities }) => Vulnerabilities ?? []).map(({ VulnerabilityID }) => VulnerabilityID);
}

test('the record says that the vulnerable function is not called', () => {
  expect(release.release.verdict.findings).toContainEqual(
    expect.objectContaining({ package: 'golang.org/x/net', reachable: false, decision: 'accepted' }),
  );
  expect(release.files['vex.openvex.json']).toContain('vulnerable_code_not_in_execute_path');
});

test('grype alone finds the vulnerability without the attested document, and leaves it out with it', () => {
  expect(grypeMatches()).toEqual(['GHSA-w32m-9786-jp63']);
  expect(grypeMatches(['--vex', attestedDocument()])).toEqual([]);
});

test('trivy alone finds the vulnerability without the attested document, and leaves it out with it', () => {
  expect(trivyFindings()).toEqual([advisory]);
  expect(trivyFindings(['--vex', attestedDocument()])).toEqual([]);
});
