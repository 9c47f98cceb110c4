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

const plain = (line: string) => readVerificationFailure(`Error: ${line}\n`);

test.each([
  ['no signatures found', 'absent'],
  ['no attestations found', 'absent'],
  ['', 'absent'],
  ['none of the attestations matched the predicate type: cyclonedx, found: a,b', 'absent'],
  ['GET https://r/v2/a: MANIFEST_UNKNOWN: no such manifest', 'absent'],
  ['HEAD https://r/v2/a: NAME_UNKNOWN', 'absent'],
  ['  no signatures found  ', 'absent'],
  ['missing or incorrect annotation', 'other-annotations'],
  [threshold, 'other-key'],
  [threshold.replace('envelope', 'message').replace('Found: 0, Expected 1', 'Found: 10, Expected 12'), 'other-key'],
  ['failed to verify signature: could not verify message: invalid signature', 'other-key'],
  ['failed to verify signature: could not verify message: invalid signature when validating ASN.1', 'other-key'],
  ['no matching signatures: no signatures found', 'absent'],
  ['no matching signatures:\nmissing or incorrect annotation', 'other-annotations'],
  ['no matching attestations: no signatures found\nno attestations found', 'absent'],
])('%j says why nothing verifies: %s', (line, failure) => {
  expect(plain(line)).toBe(failure);
  expect(readVerificationFailure(cosignOutput(line))).toBe(failure);
});

test.each([
  'no signatures found here',
  'there were no signatures found',
  'no attestations found here',
  'none of the attestations matched the predicate type: a b, found: c',
  'none of the attestations matched the predicate type: a, found: b c',
  'none of the attestations matched the predicate type: , found: b',
  'none of the attestations matched the predicate type: a, found: ',
  'but none of the attestations matched the predicate type: a, found: b',
  'GET a b: MANIFEST_UNKNOWN',
  'GET : MANIFEST_UNKNOWN',
  'GET https://r/v2/a: MANIFEST_UNKNOWNS',
  'GET https://r/v2/a: UNKNOWN',
  'POST https://r/v2/a: MANIFEST_UNKNOWN',
  'a GET https://r/v2/a: MANIFEST_UNKNOWN',
  'a missing or incorrect annotation',
  'missing or incorrect annotations',
  `it ${threshold}`,
  `${threshold}0 more`,
  threshold.replace('Found: 0', 'Found: x'),
  threshold.replace('Expected 1', 'Expected x'),
  threshold.replace('Found: 0', 'Found: '),
  threshold.replace('envelope', 'bundle'),
  'failed to verify signature: could not verify message: invalid signatures',
  'failed to verify signature: could not verify message: invalid signature: i/o timeout',
  'no signatures found\nsomething else',
  'no matching keys: no signatures found',
  'and no matching signatures: no signatures found',
])('%j says nothing that is known', (line) => {
  expect(plain(line)).toBeUndefined();
  expect(readVerificationFailure(cosignOutput(line))).toBeUndefined();
});

test.each([
  ['an error in the middle of a line', 'An Error: no signatures found\n'],
  ['an error without its text', 'Error:\n'],
  ['an error by another name', 'error: no signatures found\n'],
])('%s is none', (_, stderr) => {
  expect(readVerificationFailure(stderr)).toBeUndefined();
});

test('what cosign writes before the error does not count, and what it repeats after it does not either', () => {
  expect(readVerificationFailure('WARNING: i/o timeout\nError: no signatures found')).toBe('absent');
  expect(readVerificationFailure('Error: no signatures found\nerror during command execution: i/o timeout\n')).toBe(
    'absent',
  );
  expect(readVerificationFailure('Error: no signatures found\n\n')).toBe('absent');
});
