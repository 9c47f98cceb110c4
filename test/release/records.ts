import { type Promoted, recordVersion, type Scanned, type Signed, type Verdict } from '../../lib/release';
import { branchRef, type CommitSha, digestOf, type ImageRepository, instantOf } from '../../lib/values';

export const finding: Verdict['findings'][number] = {
  id: 'CVE-2024-45338',
  aliases: ['GHSA-w32m-9786-jp63'],
  package: 'golang.org/x/net',
  version: 'v0.32.0',
  severity: 'high',
  fixedIn: '0.33.0',
  source: 'grype',
  sources: ['grype', 'trivy'],
  reachable: false,
  decision: 'accepted',
  reason: 'accepted by storefront',
};

export const windows = {
  platform: 'windows/amd64' as const,
  file: 'hello-windows-amd64.exe',
  digest: digestOf('windows'),
};
export const mips = { platform: 'linux/mips' as const, file: 'hello-linux-mips', digest: digestOf('mips') };

/** A record with a value in every field. */
export const fullScanned: Scanned = {
  version: recordVersion,
  stage: 'scanned',
  service: 'hello',
  source: { repository: 'acme/hello', commit: 'c'.repeat(40) as CommitSha, ref: branchRef('main') },
  image: {
    repository: 'registry.example/acme/hello' as ImageRepository,
    digest: digestOf('index'),
    platforms: { 'linux/arm64': digestOf('arm64'), 'linux/amd64': digestOf('amd64') },
    tag: 'c-d',
  },
  binaries: [windows, mips],
  start: {
    outcome: 'started',
    reason: 'by option',
    platforms: { 'linux/amd64': 'started', 'linux/arm64': 'not-started' },
    warnings: [{ code: 'ignores-sigterm', message: 'the program ignores SIGTERM' }],
  },
  scannedAt: instantOf(new Date('2026-11-30T01:50:44Z')),
  tools: [
    { name: 'grype', version: 'v1.0.0' },
    { name: 'syft', version: 'v1.2.3' },
  ],
  sboms: {
    'linux/amd64': { digest: digestOf('sbom amd64'), components: 3 },
    'linux/arm64': { digest: digestOf('sbom arm64'), components: 3 },
  },
  binarySboms: { [windows.file]: { digest: digestOf('sbom windows'), components: 1 } },
  moduleFiles: { 'go.sum': digestOf('go.sum') },
  verdict: {
    outcome: 'passed',
    reasons: [{ code: 'fixture-database', message: 'of the fixture database' }],
    findings: [finding, { ...finding, id: 'CKV_K8S_16', title: 'Container should not be privileged' }],
    databases: [{ scanner: 'grype', origin: 'feed', builtAt: '2026-11-29T06:00:00Z' }],
    policy: digestOf('policy'),
  },
};

const signature = {
  class: 'production',
  publicKey: digestOf('key'),
  signatures: 'registry.example/acme/signatures/hello' as ImageRepository,
};
export const fullSigned: Signed = {
  ...fullScanned,
  stage: 'signed',
  signatures: [signature, { ...signature, class: 'nonproduction' }],
};

const promotion = { environment: 'dev', ledgerCommit: 'd'.repeat(40) as CommitSha };
export const fullPromoted: Promoted = {
  ...fullSigned,
  stage: 'promoted',
  promotions: [promotion, { ...promotion, environment: 'prod' }],
};
