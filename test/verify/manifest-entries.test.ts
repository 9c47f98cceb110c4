import { parseImage } from '../../lib/verify/image-index';

const sha256 = (digit: string) => `sha256:${digit.repeat(64)}`;
const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const entry = { mediaType, digest: sha256('a'), platform: { os: 'linux', architecture: 'amd64' } };
const other = { mediaType, digest: sha256('b'), platform: { os: 'linux', architecture: 'arm64' } };
const index = (...manifests: readonly object[]) => ({ schemaVersion: 2, manifests });
const image = { schemaVersion: 2, config: { digest: sha256('c') }, layers: [{ digest: sha256('d') }] };
const parse = (value: unknown) => parseImage(JSON.stringify(value));

test.each<readonly [string, object]>([
  ['an entry with a list of systems', index({ ...entry, platform: { os: ['linux'], architecture: 'amd64' } })],
  ['an entry with a list of architectures', index({ ...entry, platform: { os: 'linux', architecture: ['amd64'] } })],
  ['an image with a list of configurations', { ...image, config: { digest: [sha256('c')] } }],
  ['an image with a layer of another algorithm', { ...image, layers: [{ digest: `sha512:${'e'.repeat(128)}` }] }],
])('%s is malformed', (_, value) => {
  expect(parse(value)).toMatchObject({ kind: 'problem', problem: { code: 'image-malformed' } });
});

test('a field in other letters is refused in any entry, beside others that are good', () => {
  const bad = { ...entry, Digest: sha256('e') };
  expect(parse(index(entry, other)).kind).toBe('index');
  expect(parse(index(other, bad)).kind).toBe('problem');
  expect(parse(index(bad, other)).kind).toBe('problem');
});

test('an image may have no layers', () => {
  expect(parse({ ...image, layers: [] }).kind).toBe('single');
});
