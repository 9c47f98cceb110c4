import { digestOf } from '../../lib/values';
import { parseVerifiedImage, usesHttp } from '../../lib/verify';
import { parseConfigDigest, parseImage, parsePlatform } from '../../lib/verify/image-index';
import { checkedContent, readFailure } from '../../lib/verify/registry';

const digest = digestOf('x');
const other = digestOf('y');

test('content is what its digest names, or altered', () => {
  expect(checkedContent('x', digest)).toEqual({ kind: 'content', text: 'x' });
  expect(checkedContent('x ', digest)).toMatchObject({ kind: 'altered' });
  expect(checkedContent('', digest)).toMatchObject({ kind: 'altered' });
});

test.each(
  ['MANIFEST_UNKNOWN', 'NAME_UNKNOWN', 'BLOB_UNKNOWN'].flatMap((code) => [
    `GET https://r/v2/a: ${code}: no`,
    `HEAD https://r/v2/a: ${code}`,
  ]),
)('crane says that the registry has no such content: %s', (error) => {
  expect(readFailure(`Error: fetching manifest r/a: ${error}\n`)).toEqual({ kind: 'absent' });
});

test.each([
  `manifest digest: "${digest}" does not match requested digest "${other}" for "r/a"`,
  `error verifying sha256 checksum after reading 3 bytes; got "a", want "b"`,
  'error verifying size; got 3, want 4',
])('crane says that the registry returned other content: %s', (error) => {
  expect(readFailure(`Error: ${error}\nmore`)).toEqual({
    kind: 'altered',
    message: expect.stringMatching(/^(?:manifest digest|error verifying)[^\n]*$/),
  });
});

test('what crane says of altered content is in the message as a whole line', () => {
  expect(readFailure('Error: error verifying size; got 3, want 4\nmore')).toEqual({
    kind: 'altered',
    message: 'error verifying size; got 3, want 4',
  });
});

test.each([
  '',
  'Error: Get "https://r/v2/": dial tcp 1.2.3.4:443: connect: connection refused',
  'Error: GET https://r/v2/a: DENIED: MANIFEST_UNKNOWN',
  'Error: GET https://r/v2/a: MANIFEST_UNKNOWNS',
  'Error: POST https://r/v2/a: MANIFEST_UNKNOWN: no',
  'Error: WIDGET https://r/v2/a: MANIFEST_UNKNOWN: no',
  'Error: GET  : MANIFEST_UNKNOWN: no',
  'Error: manifest digest: "sha256:abc" does not match requested digest',
  'Error: manifest digest: "sha256:ABCDEF" does not match requested digest',
  `Error: manifest digest: "${digest}0" does not match requested digest`,
  'Error: error verifying the certificate',
])('any other failure of crane is no answer: %s', (error) => {
  expect(readFailure(error)).toBeUndefined();
});

test.each(['localhost/a', 'localhost:5000/a', '127.0.0.1/a@sha256:0', '127.0.0.1:80/a', '[::1]:5000/a', '[::1]'])(
  'a registry of this machine is reached over http: %s',
  (reference) => {
    expect(usesHttp(reference, {})).toBe(true);
  },
);

test.each([
  'registry.example/a',
  'localhost.example/a',
  'evil-localhost/a',
  '127.0.0.10/a',
  '127x0.0.1/a',
  'localhost:port/a',
  'localhost:/a',
  'localhost:50x/a',
  'registry.example/localhost',
  'registry.example:5000/a',
  '',
  '/a',
])('any other registry is reached over https: %s', (reference) => {
  expect(usesHttp(reference, {})).toBe(false);
  expect(usesHttp(reference, { BOWLINE_INSECURE_REGISTRIES: '' })).toBe(false);
  expect(usesHttp(reference, { BOWLINE_INSECURE_REGISTRIES: ', ,' })).toBe(false);
});

test('registries over http are named with their ports, separated by commas', () => {
  const environment = { BOWLINE_INSECURE_REGISTRIES: 'one.example:5000, two.example' };
  expect(usesHttp('one.example:5000/a', environment)).toBe(true);
  expect(usesHttp('two.example/a', environment)).toBe(true);
  expect(usesHttp('one.example/a', environment)).toBe(false);
  expect(usesHttp('two.example:5000/a', environment)).toBe(false);
  expect(usesHttp('three.example/two.example', environment)).toBe(false);
});

const json = JSON.stringify;
const manifest = { schemaVersion: 2, config: { digest }, layers: [{ digest: other }] };
const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const entry = { mediaType, digest, platform: { os: 'linux', architecture: 'amd64' } };
const index = { schemaVersion: 2, manifests: [entry] };

test('an index has the image of each platform', () => {
  expect(parseImage(json(index))).toEqual({
    kind: 'index',
    entries: [{ platform: 'linux/amd64', digest, mediaType }],
  });
  const arm64 = { mediaType, digest: other, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } };
  expect(parseImage(json({ ...index, manifests: [entry, arm64] }))).toEqual({
    kind: 'index',
    entries: [
      { platform: 'linux/amd64', digest, mediaType },
      { platform: 'linux/arm64', digest: other, mediaType },
    ],
  });
});

test('the manifest of one image names its configuration', () => {
  expect(parseImage(json(manifest))).toEqual({ kind: 'single', config: digest });
  expect(parseConfigDigest(json(manifest), mediaType)).toBe(digest);
  expect(parseConfigDigest(json(index), mediaType)).toBeUndefined();
  expect(parseConfigDigest('', mediaType)).toBeUndefined();
});

test.each([
  ['nothing', ''],
  ['null', 'null'],
  ['an index and an image', json({ ...manifest, ...index })],
  ['an index of an old schema', json({ ...index, schemaVersion: 1 })],
  ['an image of an old schema', json({ ...manifest, schemaVersion: 1 })],
  ['an empty index', json({ ...index, manifests: [] })],
  ['an index without entries', json({ schemaVersion: 2 })],
  ['an entry without a digest', json({ ...index, manifests: [{ ...entry, digest: undefined }] })],
  ['an entry with the digest of another algorithm', json({ ...index, manifests: [{ ...entry, digest: 'sha512:0' }] })],
  ['an entry whose digest is a list', json({ ...index, manifests: [{ ...entry, digest: [digest] }] })],
  ['an entry without an architecture', json({ ...index, manifests: [{ ...entry, platform: { os: 'linux' } }] })],
  [
    'an entry without an operating system',
    json({ ...index, manifests: [{ ...entry, platform: { architecture: 'amd64' } }] }),
  ],
  [
    'a variant that is no text',
    json({ ...index, manifests: [{ ...entry, platform: { ...entry.platform, variant: 8 } }] }),
  ],
  ['an image without a configuration', json({ ...manifest, config: {} })],
  ['an image without layers', json({ ...manifest, layers: undefined })],
  ['a layer without a digest', json({ ...manifest, layers: [{}] })],
])('%s is malformed', (_, text) => {
  expect(parseImage(text)).toMatchObject({ kind: 'problem', problem: { code: 'image-malformed' } });
});

test.each([
  ['platform-unnamed', [{ ...entry, platform: undefined }]],
  ['platform-unknown', [{ ...entry, platform: { os: 'windows', architecture: 'amd64' } }]],
  ['platform-unknown', [{ ...entry, platform: { os: 'linux', architecture: 'mips' } }]],
  ['platform-unknown', [entry, { ...entry, platform: { os: 'linux', architecture: '' } }]],
  ['platform-twice', [entry, { ...entry, digest: other }]],
  ['platform-twice', [entry, entry]],
])('an index is no evidence: %s', (code, manifests) => {
  expect(parseImage(json({ ...index, manifests }))).toMatchObject({ kind: 'problem', problem: { code } });
});

test('the configuration of an image names its platform', () => {
  expect(parsePlatform(json({ os: 'linux', architecture: 'arm64', config: {} }))).toBe('linux/arm64');
  for (const text of [
    '',
    'null',
    '{}',
    json({ os: 'linux' }),
    json({ architecture: 'arm64' }),
    json({ os: 'windows', architecture: 'arm64' }),
  ]) {
    expect(parsePlatform(text)).toBeUndefined();
  }
});

test('an image is asked for by digest alone', () => {
  const reference = `registry.example/acme/hello@${digest}`;
  expect(parseVerifiedImage(reference)).toEqual({ repository: 'registry.example/acme/hello', digest });
  for (const text of [
    '',
    'registry.example/acme/hello',
    'registry.example/acme/hello:tag',
    reference.replace('@', ':tag@'),
    ` ${reference}`,
  ]) {
    expect(() => parseVerifiedImage(text)).toThrow(expect.objectContaining({ code: 'not-a-digest', exitCode: 3 }));
  }
});
