import { type Digest, digestOf, hexOf } from '../../lib/values';
import { predicateTypes, readPredicates, readSignatures } from '../../lib/verify';
import { recordedAnswer } from '../evidence/world';

const image = digestOf('image');
const other = digestOf('other image');
const answer = (stdout: string) => ({ exitCode: 0, stdout, stderr: '' });
const notSigned = { kind: 'not-signed', failure: 'absent' };

const claim = (optional: unknown, digest: string = image, type = 'https://sigstore.dev/cosign/sign/v1') => ({
  critical: { image: { 'docker-manifest-digest': digest }, type },
  optional,
});
const signatures = (...claims: readonly unknown[]) => readSignatures(answer(JSON.stringify(claims)), image);

describe('signatures', () => {
  test('are the annotations of each signature of the image, in canonical order and each once', () => {
    expect(signatures(claim({ b: '2' }), claim({ a: '1' }), claim({ b: '2' }))).toEqual({
      kind: 'signed',
      values: [{ a: '1' }, { b: '2' }],
    });
  });

  test.each([undefined, null, {}])('may have no annotations: %j', (optional) => {
    expect(signatures(claim(optional))).toEqual({ kind: 'signed', values: [{}] });
  });

  test('have only annotations that are texts', () => {
    expect(signatures(claim({ a: 1, b: ['x'], c: null, d: 'text' }))).toEqual({
      kind: 'signed',
      values: [{ d: 'text' }],
    });
  });

  test.each([
    ['there is none', []],
    ['it is of another image', [claim({}, other)]],
    ['its digest ends the same', [claim({}, `x${image}`)]],
    ['it is an attestation', [claim({}, image, 'https://bowline.dev/verdict/v2')]],
    ['it has no type', [claim({}, image, '')]],
  ])('are absent if %s', (_, claims) => {
    expect(signatures(...claims)).toEqual(notSigned);
    expect(signatures(...claims, claim({ a: '1' }))).toEqual({ kind: 'signed', values: [{ a: '1' }] });
  });

  test.each([
    '',
    'no JSON',
    '{}',
    'null',
    '[{}]',
    JSON.stringify([{ critical: { image: {}, type: 'x' } }]),
    JSON.stringify([{ critical: { image: { 'docker-manifest-digest': image } } }]),
    JSON.stringify([{ critical: { type: 'https://sigstore.dev/cosign/sign/v1' } }]),
    JSON.stringify([claim('text')]),
  ])('are unknown if cosign wrote something else: %s', (stdout) => {
    expect(readSignatures(answer(stdout), image)).toMatchObject({ kind: 'unknown' });
  });

  test('are unknown, whatever cosign wrote, if it failed for another reason', () => {
    const stdout = JSON.stringify([claim({})]);
    expect(readSignatures({ exitCode: 1, stdout, stderr: 'warning\nError: killed\n' }, image)).toEqual({
      kind: 'unknown',
      message: 'cosign failed: Error: killed',
    });
    expect(readSignatures({ ...recordedAnswer('nothing-signed'), stdout }, image)).toEqual(notSigned);
  });
});

type Statement = Readonly<Record<string, unknown>>;
const statement = (predicate: unknown, changes: Statement = {}): Statement => ({
  subject: [{ digest: { sha256: hexOf(image) } }],
  predicateType: predicateTypes.verdict,
  predicate,
  ...changes,
});
const envelope = (value: unknown, changes: Statement = {}) =>
  JSON.stringify({
    payloadType: 'application/vnd.in-toto+json',
    payload: Buffer.from(JSON.stringify(value)).toString('base64'),
    signatures: [{ sig: 'x' }],
    ...changes,
  });
const predicates = (lines: readonly string[], digest: Digest = image) =>
  readPredicates(answer(`\n${lines.join('\n\n')}\n`), digest, 'verdict');

describe('attestations', () => {
  test('are the predicates of the type about the image, in canonical order and each once', () => {
    expect(
      predicates([envelope(statement({ b: 2 })), envelope(statement({ a: 1 })), envelope(statement({ b: 2 }))]),
    ).toEqual({
      kind: 'signed',
      values: [{ a: 1 }, { b: 2 }],
    });
  });

  test.each([
    ['is about another image', statement({}, { subject: [{ digest: { sha256: hexOf(other) } }] })],
    ['names no image', statement({}, { subject: [] })],
    [
      'is about several images',
      statement({}, { subject: [{ digest: { sha256: hexOf(image) } }, { digest: { sha256: hexOf(image) } }] }),
    ],
    ['has no digest', statement({}, { subject: [{ digest: {} }] })],
    ['has a digest of another algorithm', statement({}, { subject: [{ digest: { sha512: hexOf(image) } }] })],
    ['has no subject', statement({}, { subject: undefined })],
    ['has another type', statement({}, { predicateType: predicateTypes.sbom })],
    ['has the type of a former version', statement({}, { predicateType: 'https://bowline.dev/verdict/v1' })],
    ['has no type', statement({}, { predicateType: undefined })],
    ['is no object', 'text'],
  ])('are absent if the statement %s', (_, value) => {
    expect(predicates([envelope(value)])).toEqual(notSigned);
    expect(predicates([envelope(value), envelope(statement({ a: 1 }))])).toEqual({
      kind: 'signed',
      values: [{ a: 1 }],
    });
  });

  test('are absent if cosign wrote nothing', () => {
    expect(predicates([])).toEqual(notSigned);
  });

  test.each([
    ['a line that is no JSON', 'Error'],
    ['a payload of another type', envelope(statement({}), { payloadType: 'application/json' })],
    ['an envelope without a payload', envelope(statement({}), { payload: undefined })],
    ['an envelope without signatures', envelope(statement({}), { signatures: [] })],
    ['an envelope that names no signatures', envelope(statement({}), { signatures: undefined })],
    ['a payload that is no JSON', envelope(statement({}), { payload: 'AAAA' })],
  ])('are unknown if cosign wrote %s', (_, line) => {
    expect(predicates([line])).toMatchObject({ kind: 'unknown' });
    expect(predicates([envelope(statement({})), line])).toMatchObject({ kind: 'unknown' });
  });

  test.each(['verdict', 'sbom', 'provenance', 'vex'] as const)('of the type %s are read by that type', (type) => {
    const line = envelope(statement({}, { predicateType: predicateTypes[type] }));
    expect(readPredicates(answer(line), image, type)).toEqual({ kind: 'signed', values: [{}] });
  });

  test('have these types', () => {
    expect(predicateTypes).toEqual({
      sbom: 'https://cyclonedx.org/bom',
      verdict: 'https://bowline.dev/verdict/v2',
      vex: 'https://openvex.dev/ns/v0.2.0',
      provenance: 'https://slsa.dev/provenance/v1',
    });
  });
});
