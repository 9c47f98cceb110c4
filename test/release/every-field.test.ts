import {
  readRecord,
  readVerdictPredicate,
  requireStage,
  type Scanned,
  verdictPredicate,
  writeRecord,
} from '../../lib/release';
import { digestOf } from '../../lib/values';
import { finding, fullPromoted, fullScanned, fullSigned } from './records';

const { signatures: _signatures, ...unsigned } = fullSigned;
const { promotions: _promotions, ...unpromoted } = fullPromoted;
const { start: _start, ...unstarted } = fullScanned;

/** Reads any value as a record. */
const read = (value: unknown) => {
  const text = JSON.stringify(value);
  return readRecord(text, digestOf(text));
};

/** The paths of all values of a document, and of all objects in it. */
function pathsOf(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  return typeof value !== 'object' || value === null
    ? [path]
    : [
        ...(path.length === 0 ? [] : [path]),
        ...Object.entries(value).flatMap(([key, each]) =>
          pathsOf(each, [...path, Array.isArray(value) ? Number(key) : key]),
        ),
      ];
}

/** A copy with another value at a path. */
function changed(document: unknown, [first = '', ...rest]: readonly (string | number)[], value: unknown): unknown {
  const copy = (Array.isArray(document) ? [...document] : { ...(document as object) }) as Record<
    string | number,
    unknown
  >;
  copy[first] = rest.length === 0 ? value : changed(copy[first], rest, value);
  return copy;
}

const malformed = expect.objectContaining({ code: 'record-malformed', exitCode: 1 });

test.each([
  ['scanned', fullScanned],
  ['signed', fullSigned],
  ['promoted', fullPromoted],
])('a %s record with a value in every field survives a round trip', (_, record) => {
  const { text, sha256 } = writeRecord(record);
  expect(readRecord(text, sha256)).toEqual(record);
});

test.each(pathsOf(fullPromoted).map((path) => [path.join('.'), path] as const))(
  'a record whose %s has another type is rejected',
  (_, path) => {
    const isListOfTexts = /(?:aliases|sources)$/.test(path.join('.'));
    // An array of a good text has that text as its own text: a grammar alone accepts it.
    const texts = ['c'.repeat(40), digestOf('x'), 'registry.example/acme/hello', 'refs/heads/main'].map((text) => [
      text,
    ]);
    for (const value of [null, 1.5, { other: 1 }, ...(isListOfTexts ? [] : texts)]) {
      expect(() => read(changed(fullPromoted, path, value))).toThrow();
    }
  },
);

test.each(
  pathsOf(fullPromoted)
    .filter((path) => typeof path.at(-1) === 'string')
    .map((path) => [path.join('.'), path] as const)
    .filter(([name]) => !/^(?:binarySboms|sboms|moduleFiles|start|image\.platforms|start\.platforms)\b/.test(name))
    .filter(([name]) => !/(?:fixedIn|title|tag)$/.test(name)),
)('a record without %s is rejected', (_, path) => {
  expect(() => read(changed(fullPromoted, path, undefined))).toThrow(malformed);
});

test.each(
  pathsOf(fullPromoted)
    .map((path) => path.slice(0, -1))
    .filter((path, index, all) => all.findIndex((other) => other.join() === path.join()) === index)
    .map((path) => [path.join('.') || 'its root', path] as const)
    .filter(
      ([name]) =>
        !/(?:\.|^)(?:signatures|promotions|tools|findings|databases|reasons|warnings|binaries|aliases|sources)$/.test(
          name,
        ),
    ),
)('a record with an unknown field in %s is rejected', (_, path) => {
  expect(() => read(changed(fullPromoted, [...path, 'unknown'], 'value'))).toThrow(malformed);
});

const verdictWith = (value: object): Scanned => ({ ...fullScanned, verdict: { ...fullScanned.verdict, ...value } });

test.each([
  ['severity', 'severe'],
  ['severity', ''],
  ['decision', 'ignored'],
  ['decision', ''],
  ['sources', []],
])('a finding whose %s is %j is rejected', (field, value) => {
  expect(() => read(verdictWith({ findings: [{ ...finding, [field]: value }] }))).toThrow(malformed);
});

test.each(['unknown', 'negligible', 'low', 'medium', 'high', 'critical'] as const)(
  'a finding of the severity %s is read',
  (severity) => {
    const record = verdictWith({ findings: [{ ...finding, severity }] });
    expect(read(record)).toEqual(record);
  },
);

test.each(['blocks', 'accepted', 'allowed'] as const)('a finding with the decision %s is read', (decision) => {
  const record = verdictWith({ findings: [{ ...finding, decision }] });
  expect(read(record)).toEqual(record);
});

test.each(['passed', 'blocked', 'inconclusive'] as const)('a verdict with the outcome %s is read', (outcome) => {
  const record = verdictWith({ outcome });
  expect(read(record)).toEqual(record);
});

test.each(['feed', 'fixture'] as const)('a verdict by databases of the origin %s is read', (origin) => {
  const record = verdictWith({ databases: [{ scanner: 'grype', origin, builtAt: '' }] });
  expect(read(record)).toEqual(record);
});

test.each(['started', 'not-started', 'skipped'] as const)('a first start with the outcome %s is read', (outcome) => {
  const record = { ...fullScanned, start: { outcome, platforms: { 'linux/amd64': outcome }, warnings: [] } };
  expect(read(record)).toEqual(record);
});

test.each([
  ['a verdict without a known outcome', verdictWith({ outcome: '' })],
  ['databases of no known origin', verdictWith({ databases: [{ scanner: 'grype', origin: '', builtAt: '' }] })],
  ['no signature', { ...fullSigned, signatures: [] }],
  ['no promotion', { ...fullPromoted, promotions: [] }],
  ['a stage without a name', { ...fullPromoted, stage: '' }],
  ['the signatures of a later stage', { ...fullSigned, stage: 'scanned' }],
  ['no signatures at a stage that has them', { ...unsigned, stage: 'signed' }],
  ['no promotions at a stage that has them', { ...unpromoted, stage: 'promoted' }],
  ['no platform in its SBOMs', { ...fullScanned, sboms: {} }],
])('a record with %s is rejected', (_, record) => {
  expect(() => read(record)).toThrow(malformed);
});

test.each(['null', '1', '"text"', '[2]', '{"version":"1"}', 'no JSON'])(
  'a text that is no record is malformed, not outdated: %s',
  (text) => {
    expect(() => readRecord(text, digestOf(text))).toThrow(malformed);
  },
);

test.each([
  [fullScanned, 'scanned'],
  [fullSigned, 'scanned'],
  [fullSigned, 'signed'],
  [fullPromoted, 'scanned'],
  [fullPromoted, 'signed'],
] as const)('a record has reached its own stage and those before', (record, stage) => {
  expect(requireStage(record, stage as 'signed')).toBe(record);
});

test('a scanned record has not reached the stage of signatures', () => {
  expect(() => requireStage(fullScanned, 'signed')).toThrow(expect.objectContaining({ code: 'record-too-early' }));
});

describe('the predicate of a verdict', () => {
  const predicate = verdictPredicate(fullSigned);

  test('has what later judgements need, and nothing else', () => {
    const { version: _v, stage: _s, binaries: _b, moduleFiles: _m, image, ...rest } = fullScanned;
    expect(predicate).toEqual({
      ...rest,
      image: { repository: image.repository, digest: image.digest, platforms: image.platforms },
    });
  });

  test('has a first start only if there was one', () => {
    expect('start' in verdictPredicate(unstarted)).toBe(false);
    expect('start' in predicate).toBe(true);
  });

  test('is read back as it was signed', () => {
    expect(readVerdictPredicate(JSON.parse(JSON.stringify(predicate)))).toEqual({ ok: true, predicate });
  });

  test.each(pathsOf(predicate).map((path) => [path.join('.'), path] as const))(
    'with another type of %s is malformed',
    (name, path) => {
      const read = readVerdictPredicate(changed(predicate, path, null));
      expect(read).toEqual({ ok: false, message: expect.stringContaining(`${name}: `) });
    },
  );

  test.each([
    ['its root', []],
    ['image', ['image']],
    ['source', ['source']],
    ['verdict', ['verdict']],
    ['start', ['start']],
  ] as const)('with an unknown field in %s is malformed', (name, path) => {
    const read = readVerdictPredicate(changed(predicate, [...path, 'unknown'], 1));
    expect(read).toEqual({ ok: false, message: expect.stringContaining(`${name}: `) });
  });

  test.each([undefined, null, 'text', []])('is not %j', (value) => {
    expect(readVerdictPredicate(value)).toEqual({ ok: false, message: expect.stringMatching(/^its root: /) });
  });
});
