import { readVerificationFailure } from '../../lib/verify/cosign-errors';

/** As cosign 3.1 writes it: a warning, then the error twice. */
const cosignOutput = (error: string) =>
  `WARNING: Skipping tlog verification is an insecure practice that lacks transparency.\nError: ${error}\nerror during command execution: ${error}\n`;

const threshold =
  'failed to verify signature: could not verify envelope: accepted signatures do not match threshold, Found: 0, Expected 1';

test.each([
  ['nothing is signed', 'no signatures found', 'absent'],
  ['nothing is attested', 'no matching attestations: ', 'absent'],
  [
    'something else is attested',
    'none of the attestations matched the predicate type: cyclonedx, found: https://sigstore.dev/cosign/sign/v1,https://bowline.dev/verdict/v1',
    'absent',
  ],
  [
    'there is no such repository',
    'GET https://r.example.com/v2/acme/signatures/shop/manifests/sha256-0: NAME_UNKNOWN: The repository does not exist',
    'absent',
  ],
  ['another key has signed', `no matching attestations: ${threshold}`, 'other-key'],
  ['other keys have signed', `no matching attestations: ${threshold}\n${threshold}`, 'other-key'],
  [
    'this key has signed for another service',
    'no matching attestations: missing or incorrect annotation',
    'other-annotations',
  ],
  [
    'this key has signed for another service, and another key too',
    `no matching attestations: ${threshold}\nmissing or incorrect annotation`,
    'other-annotations',
  ],
])('%s: a verification failure', (_, error, failure) => {
  expect(readVerificationFailure(cosignOutput(error))).toBe(failure);
});

test.each([
  [
    'a registry that refuses connections',
    'Get "https://r.example.com/v2/": dial tcp 1.2.3.4:443: connect: connection refused',
  ],
  ['trouble in the words of an answer', 'failed to verify signature: Get "https://r.example.com/v2/": i/o timeout'],
  ['trouble beside an answer', `no matching attestations: ${threshold}\nfetching bundle: unexpected EOF`],
  ['trouble behind an answer', `no matching attestations: ${threshold}: context deadline exceeded`],
  ['a registry that speaks of annotations', 'GET https://r.example.com/v2/a: UNSUPPORTED: annotation index is down'],
  ['a missing right', 'GET https://r.example.com/v2/a/manifests/b: DENIED: no annotation of yours'],
  [
    'a key that is not there',
    'loading verifier from key opts: loading public key: open a.pub: no such file or directory',
  ],
])('%s is none', (_, error) => {
  expect(readVerificationFailure(cosignOutput(error))).toBeUndefined();
});

test.each(['', 'signal: killed\n', 'panic: annotation\n\ngoroutine 1 [running]:\n'])(
  'a crash is none: %j',
  (stderr) => {
    expect(readVerificationFailure(stderr)).toBeUndefined();
  },
);
