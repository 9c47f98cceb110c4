import type { Scanned } from '../../lib/release';
import { verdictPredicate } from '../../lib/steps/evidence';
import { branchRef, commitSha, digestOf, type ImageRepository, instantOf } from '../../lib/values';

const release: Omit<Scanned, 'version' | 'stage' | 'binaries'> = {
  service: 'hello',
  source: { repository: 'acme/hello', commit: commitSha('c'.repeat(40)), ref: branchRef('main') },
  image: {
    repository: 'registry.example/acme/hello' as ImageRepository,
    digest: digestOf('index'),
    platforms: { 'linux/amd64': digestOf('amd64') },
    tag: 'c-d',
  },
  scannedAt: instantOf(new Date('2026-11-30T00:00:00.500Z')),
  tools: [{ name: 'syft', version: 'v1.2.3' }],
  sboms: {},
  binarySboms: {},
  moduleFiles: { 'go.mod': digestOf('go.mod') },
  verdict: { outcome: 'passed', reasons: [], findings: [], databases: [], policy: digestOf('policy') },
};

test('the attested verdict says what the first start found', () => {
  const start = { outcome: 'skipped' as const, reason: 'needs a device', platforms: {}, warnings: [] };
  expect(verdictPredicate({ ...release, start })).toMatchObject({ start });
});

test('the attested verdict has everything that a later judgement needs', () => {
  expect(verdictPredicate(release)).toEqual({
    service: 'hello',
    source: { repository: 'acme/hello', commit: 'c'.repeat(40), ref: 'refs/heads/main' },
    image: {
      repository: 'registry.example/acme/hello',
      digest: digestOf('index'),
      platforms: { 'linux/amd64': digestOf('amd64') },
    },
    scannedAt: '2026-11-30T00:00:00Z',
    tools: [{ name: 'syft', version: 'v1.2.3' }],
    sboms: {},
    binarySboms: {},
    verdict: release.verdict,
  });
});
