import type { Scanned } from '../../lib/release';
import { verdictPredicate } from '../../lib/steps/evidence';
import { digestOf, type ImageRepository } from '../../lib/values';

const release: Pick<Scanned, 'service' | 'image' | 'sboms' | 'verdict' | 'start'> = {
  service: 'hello',
  image: {
    repository: 'registry.example/acme/hello' as ImageRepository,
    digest: digestOf('index'),
    platforms: { 'linux/amd64': digestOf('amd64') },
    tag: 'c-d',
  },
  sboms: {},
  verdict: { outcome: 'passed', reasons: [], findings: [], databases: [], policy: digestOf('policy') },
};

test('the attested verdict says what the first start found', () => {
  const start = { outcome: 'skipped' as const, reason: 'needs a device', platforms: {}, warnings: [] };
  expect(verdictPredicate({ ...release, start })).toMatchObject({ start });
});

test('the attested verdict of a record without a start has the bytes of earlier versions', () => {
  expect(Object.keys(verdictPredicate(release))).toEqual(['service', 'image', 'sboms', 'verdict']);
});
