import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTemporaryFolder } from '../../lib/process';
import { verifyBlob } from '../../lib/steps/clients/cosign';

const data = join(__dirname, 'sigstore-conformance');
const text = readFileSync(join(data, 'bundle.sigstore.json'), 'utf8');

interface Bundle {
  mediaType: string;
  verificationMaterial: Record<string, unknown>;
  messageSignature: { messageDigest: { algorithm: string; digest: string }; signature: string };
}

interface Attempt {
  readonly bundle?: string;
  readonly key?: string;
  readonly content?: string;
}

/** Verifies a file by a bundle and a key as this project does, with the real cosign. */
function verify({ bundle = text, key = join(data, 'key.pub'), content }: Attempt): Promise<boolean> {
  return withTemporaryFolder('conformance', async (scratch) => {
    const file = join(scratch, 'bundle.json');
    const subject = join(scratch, 'a.txt');
    writeFileSync(file, bundle);
    writeFileSync(subject, content ?? readFileSync(join(data, 'a.txt')));
    return verifyBlob(subject, key, file);
  });
}

function changed(change: (bundle: Bundle) => void): Attempt {
  const bundle = JSON.parse(text) as Bundle;
  change(bundle);
  return { bundle: JSON.stringify(bundle) };
}

/** Base64 of other bytes: the last one is flipped. */
function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return bytes.toString('base64');
}

test('a bundle that another implementation has signed by a key verifies', async () => {
  expect(await verify({})).toBe(true);
  expect(await verify(changed(() => undefined))).toBe(true);
});

test.each<[string, Attempt]>([
  ['managed-key-wrong-key', { key: join(data, 'wrong-key.pub') }],
  ['managed-key-no-key', { key: join(data, 'no-key.pub') }],
  ['wrong-material', { content: 'another file\n' }],
  ['bundle-malformed-json', { bundle: text.slice(0, text.length / 2) }],
  [
    'bundle-unknown-version',
    changed((bundle) => (bundle.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.5')),
  ],
  [
    'bundle-invalid-base64-signature',
    changed(({ messageSignature }) => (messageSignature.signature = '!!!not base64!!!')),
  ],
  ['signature-mismatch', changed(({ messageSignature: it }) => (it.signature = flipped(it.signature)))],
  ['a bundle without a signature', changed(({ messageSignature }) => (messageSignature.signature = ''))],
  [
    'message-digest-mismatch',
    changed(({ messageSignature: { messageDigest: it } }) => (it.digest = flipped(it.digest))),
  ],
])('%s does not verify', async (_, attempt) => {
  expect(await verify(attempt)).toBe(false);
});
