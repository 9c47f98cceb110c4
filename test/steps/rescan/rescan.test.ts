import { rescan, silentReporter } from '../../../lib/steps';
import { digestOf, type ImageReference } from '../../../lib/values';
import { type CatalogFacts, parsePublicKeys } from '../../../lib/verify';
import { newPublicKey } from '../../evidence/public-key';
import { world } from '../../evidence/world';

const good = world({});
const keys = { ok: true, keys: parsePublicKeys(newPublicKey(), 'production.pub') } as const;

/** Judges one image with a registry that counts what it is asked. */
async function judge(image: string, subject: object = {}) {
  let asked = 0;
  const manifest = async () => {
    asked += 1;
    return { kind: 'unknown', message: 'refused' } as const;
  };
  const [row] = await rescan({
    images: [{ service: 'hello', image: image as ImageReference, class: 'production', environments: ['prod'] }],
    subjectOf: () => ({
      signatures: good.location.signatures,
      catalog: good.expected.catalog as CatalogFacts,
      keys,
      ...subject,
    }),
    // Nothing is looked up: the evidence is no good.
    databases: { origin: 'fixture', grype: '/nonexistent', govulncheck: '/nonexistent', trivy: '/nonexistent' },
    now: good.now,
    parallel: 1,
    reporter: silentReporter,
    readers: { ...good.readers, registry: { manifest, blob: manifest } },
  });
  return { row, asked };
}

const own = `${good.location.repository}@${good.location.digest}`;

test('an image in another repository is not verified, and its registry is not asked', async () => {
  for (const repository of [
    '169.254.170.2:80/acme/hello',
    'registry.example/acme/other',
    'registry.example/acme/hello/x',
  ]) {
    const { row, asked } = await judge(`${repository}@${digestOf('x')}`);
    expect(row).toMatchObject({ outcome: 'not-verified', code: 'other-repository' });
    expect(asked).toBe(0);
  }
});

test('a class without a public key is inconclusive, and says so', async () => {
  const missing = {
    ok: false,
    code: 'no-public-key',
    message: 'there is no public key at keys/production.pub',
  } as const;
  const { row, asked } = await judge(own, { keys: missing });
  expect(row).toMatchObject({ outcome: 'inconclusive', code: 'no-public-key', message: missing.message });
  expect(asked).toBe(0);
});

test('a registry without an answer is inconclusive', async () => {
  const { row, asked } = await judge(own);
  expect(row).toMatchObject({ outcome: 'inconclusive', code: 'registry-unreachable' });
  expect(asked).toBe(1);
});
