import {
  binariesEvent,
  binariesEventSchema,
  binariesEventSource,
  binariesEventType,
  binaryKeys,
  checksumsOf,
} from '../../lib/release';
import { contradiction } from '../../lib/release/cross-checks';
import { digestOf, hexOf } from '../../lib/values';
import { fullScanned, mips, windows } from './records';

const sorted = `${hexOf(mips.digest)}  hello-linux-mips\n${hexOf(windows.digest)}  hello-windows-amd64.exe\n`;
const prefix = `hello/${hexOf(digestOf(sorted))}/`;
const event = binariesEvent({
  platform: 'acme',
  bucket: 'acme-binaries',
  environmentClass: 'production',
  release: fullScanned,
});

test('checksums have the format of sha256sum, by file name', () => {
  expect(checksumsOf([windows, mips])).toBe(sorted);
  expect(checksumsOf([mips, windows])).toBe(sorted);
  expect(checksumsOf([])).toBe('');
});

test('equal binaries of a service have equal keys', () => {
  const keys = binaryKeys({ service: 'hello', binaries: [windows, mips] });
  expect({
    prefix: keys.prefix,
    checksums: keys.checksums,
    signature: keys.signature('production'),
    provenance: keys.provenance('production', 'c0ffee', mips.file),
    announcement: keys.announcement('production'),
    file: keys.file(mips.file),
  }).toEqual({
    prefix,
    checksums: `${prefix}SHA256SUMS`,
    signature: `${prefix}signatures/production.sigstore.json`,
    provenance: `${prefix}signatures/production/c0ffee/hello-linux-mips.provenance.sigstore.json`,
    announcement: `${prefix}signatures/production.announced.json`,
    file: `${prefix}hello-linux-mips`,
  });
});

test('the event names every binary with its digest and its evidence', () => {
  const { commit } = fullScanned.source;
  const fileOf = ({ platform, file, digest }: typeof windows | typeof mips) => ({
    platform,
    key: `${prefix}${file}`,
    sha256: hexOf(digest),
    provenance: `${prefix}signatures/production/${commit}/${file}.provenance.sigstore.json`,
  });
  expect(event).toEqual({
    version: 1,
    platform: 'acme',
    service: 'hello',
    class: 'production',
    source: { repository: 'acme/hello', commit },
    bucket: 'acme-binaries',
    prefix,
    checksums: { key: `${prefix}SHA256SUMS`, sha256: hexOf(digestOf(sorted)) },
    signature: `${prefix}signatures/production.sigstore.json`,
    files: [fileOf(windows), fileOf(mips)],
  });
  expect(binariesEventSchema.parse(event)).toEqual(event);
  expect([binariesEventSource, binariesEventType]).toEqual(['bowline', 'Bowline Binaries Signed']);
});

test.each([
  ['files', []],
  ['files', [{ ...event.files[0], other: 1 }]],
  ['files', [{ ...event.files[0], sha256: undefined }]],
  ['checksums', { ...event.checksums, other: 1 }],
  ['checksums', {}],
  ['source', { ...event.source, other: 1 }],
  ['source', {}],
  ['other', 1],
  ['version', 2],
])('an event whose %s is %j is rejected', (field, value) => {
  expect(binariesEventSchema.safeParse({ ...event, [field]: value }).success).toBe(false);
});

test('SBOMs are compared with the platforms of the image in any order', () => {
  const { 'linux/amd64': amd64, 'linux/arm64': arm64 } = fullScanned.sboms;
  for (const sboms of [
    { 'linux/amd64': amd64, 'linux/arm64': arm64 },
    { 'linux/arm64': arm64, 'linux/amd64': amd64 },
  ]) {
    expect(contradiction({ ...fullScanned, sboms })).toBeUndefined();
  }
  expect(contradiction({ ...fullScanned, sboms: { 'linux/amd64': amd64 } })).toContain('sboms: ');
});

test.each([
  ['linux/mips', 'hello-linux-mips.exe'],
  ['windows/amd64', 'hello-windows-amd64'],
  ['linux/mips', 'hello-linux-mipsx'],
  ['windows/amd64', 'hello-windows-amd64.com'],
])('a binary for %s is not named %s', (platform, file) => {
  expect(contradiction({ ...fullScanned, binaries: [{ platform, file }], binarySboms: {} })).toContain('binaries: ');
});
