import fc from 'fast-check';
import { parseConfigDigest, parseImage, parsePlatform } from '../../lib/verify/image-index';

const oci = (kind: string) => `application/vnd.oci.image.${kind}.v1+json`;
const docker = (kind: string) => `application/vnd.docker.distribution.${kind}+json`;
const sha256 = (digit: string) => `sha256:${digit.repeat(64)}`;
const entry = { mediaType: oci('manifest'), digest: sha256('a'), platform: { os: 'linux', architecture: 'amd64' } };
const index = { schemaVersion: 2, mediaType: oci('index'), manifests: [entry] };
const image = {
  schemaVersion: 2,
  mediaType: oci('manifest'),
  config: { digest: sha256('c'), size: 1 },
  layers: [{ digest: sha256('d') }],
};
const kindOf = (value: unknown) => parseImage(JSON.stringify(value)).kind;

test('reads an index and an image, of OCI and of Docker, with a media type and without', () => {
  for (const mediaType of [oci('index'), docker('manifest.list.v2'), undefined]) {
    expect(kindOf({ ...index, mediaType })).toBe('index');
  }
  for (const mediaType of [oci('manifest'), docker('manifest.v2'), undefined]) {
    expect(kindOf({ ...image, mediaType })).toBe('single');
  }
});

test.each<readonly [string, object]>([
  ['an index with a configuration', { ...index, config: image.config }],
  ['an index with layers', { ...index, layers: [] }],
  ['an index with layers that are null', { ...index, layers: null }],
  ['an index with the layers of an old manifest', { ...index, fsLayers: [] }],
  ['an image without entries', { ...image, manifests: [] }],
  ['an image with entries that are null', { ...image, manifests: null }],
  [
    'an image with entries of another algorithm',
    { ...image, manifests: [{ ...entry, digest: `sha512:${'e'.repeat(128)}` }] },
  ],
  ['an index called an image', { ...index, mediaType: oci('manifest') }],
  ['an image called an index', { ...image, mediaType: oci('index') }],
  ['a document of an unknown media type', { ...image, mediaType: 'application/json' }],
  ['a media type that is no text', { ...index, mediaType: 1 }],
])('%s is neither', (_, value) => {
  expect(parseImage(JSON.stringify(value))).toMatchObject({ kind: 'problem', problem: { code: 'image-malformed' } });
});

test('no field of the one makes the other', () => {
  const fields = fc.record(
    { manifests: fc.jsonValue(), config: fc.jsonValue(), layers: fc.jsonValue() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fields, (more) => {
      const { manifests, ...ofAnImage } = more;
      fc.pre(Object.keys(ofAnImage).length > 0);
      expect(kindOf({ ...index, ...ofAnImage })).toBe('problem');
      expect(kindOf({ ...image, manifests: manifests ?? null })).toBe('problem');
    }),
  );
});

/** Names that Go reads as this field (encoding/json folds their case). */
const otherCase = (name: string) =>
  fc
    .tuple(...[...name].map((letter) => fc.constantFrom(...foldings(letter))))
    .map((letters) => letters.join(''))
    .filter((folded) => folded !== name);
const foldings = (letter: string) => [letter, letter.toUpperCase(), ...(letter === 's' ? ['ſ'] : [])];

test('a field in other letters, which Go reads as the field, is refused', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('schemaVersion', 'mediaType', 'manifests', 'config', 'layers').chain(otherCase),
      fc.constantFrom('digest', 'platform', 'mediaType').chain(otherCase),
      fc.constantFrom('os', 'architecture').chain(otherCase),
      (field, ofEntry, ofPlatform) => {
        expect(kindOf({ ...index, [field]: 1 })).toBe('problem');
        expect(kindOf({ ...image, [field]: 1 })).toBe('problem');
        expect(kindOf({ ...index, manifests: [{ ...entry, [ofEntry]: 1 }] })).toBe('problem');
        const platform = { ...entry.platform, [ofPlatform]: 'x' };
        expect(kindOf({ ...index, manifests: [{ ...entry, platform }] })).toBe('problem');
        expect(parsePlatform(JSON.stringify(platform))).toBeUndefined();
      },
    ),
  );
});

test('annotations and labels have any name', () => {
  const annotations = { Manifests: 'x', Digest: 'x' };
  expect(kindOf({ ...index, annotations, manifests: [{ ...entry, annotations }] })).toBe('index');
  expect(kindOf({ ...image, annotations, layers: [{ digest: sha256('d'), annotations }] })).toBe('single');
  const configuration = { os: 'linux', architecture: 'amd64', config: { Labels: { OS: 'x' } } };
  expect(parsePlatform(JSON.stringify(configuration))).toBe('linux/amd64');
});

test.each([oci('index'), docker('manifest.list.v2'), 'application/json', undefined])(
  'an entry of the media type %s is no image',
  (mediaType) => {
    expect(kindOf({ ...index, manifests: [{ ...entry, mediaType }] })).toBe('problem');
  },
);

test('the content of an entry has the media type that the index says, or none', () => {
  const digestAs = (mediaType: string | undefined, described: string) =>
    parseConfigDigest(JSON.stringify({ ...image, mediaType }), described);
  expect(digestAs(oci('manifest'), oci('manifest'))).toBe(image.config.digest);
  expect(digestAs(undefined, docker('manifest.v2'))).toBe(image.config.digest);
  expect(digestAs(docker('manifest.v2'), oci('manifest'))).toBeUndefined();
});

test.each([
  'SchemaVersion',
  'mediatype',
  'Manifests',
  'CONFIG',
  'Layers',
  'fslayers',
  'Digest',
  'Platform',
  'OS',
  'Architecture',
  'oſ',
])('a field %s, which Go reads as another one, is refused at any depth', (name) => {
  for (const value of [
    { ...image, [name]: 1 },
    { ...image, more: [[{ [name]: 1 }]] },
    { ...index, more: { [name]: 1 } },
  ]) {
    expect(parseImage(JSON.stringify(value))).toMatchObject({ kind: 'problem', problem: { code: 'image-malformed' } });
  }
  expect(kindOf({ ...image, [`${name}s2`]: 1, [`x${name}`]: 1 })).toBe('single');
  const platform = { os: 'linux', architecture: 'amd64' };
  expect(parsePlatform(JSON.stringify({ ...platform, [name]: 1 }))).toBeUndefined();
  expect(parsePlatform(JSON.stringify({ ...platform, [`x${name}`]: 1 }))).toBe('linux/amd64');
});

test.each(['[]', '3', '"manifests"', 'null', 'true', '{', '[{"manifests":[]}]'])('%s is neither', (text) => {
  expect(parseImage(text)).toMatchObject({ kind: 'problem', problem: { code: 'image-malformed' } });
  expect(parsePlatform(text)).toBeUndefined();
});

test('the image of a platform is no index, and no document that is both', () => {
  for (const value of [index, { ...image, manifests: [] }, { ...image, Config: 1 }, { ...image, schemaVersion: 1 }]) {
    expect(parseConfigDigest(JSON.stringify(value), oci('manifest'))).toBeUndefined();
  }
});

test.each([
  ['linux/amd64', { os: 'linux', architecture: 'amd64' }],
  ['linux/arm64', { os: 'linux', architecture: 'arm64' }],
  [undefined, { os: 'linux/amd64', architecture: '' }],
  [undefined, { os: 'linux', architecture: 'amd64', variant: 1, OS: 'windows' }],
  [undefined, { os: 'windows', architecture: 'amd64' }],
  [undefined, { os: 1, architecture: 'amd64' }],
  [undefined, { os: ['linux'], architecture: 'amd64' }],
  [undefined, { os: 'linux', architecture: ['amd64'] }],
])('the platform %s is that of the configuration %j', (platform, configuration) => {
  expect(parsePlatform(JSON.stringify(configuration))).toBe(platform);
});
