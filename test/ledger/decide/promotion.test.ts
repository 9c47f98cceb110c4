import fc from 'fast-check';
import {
  appPath,
  type Decision,
  decidePromotion,
  manifestPath,
  type PromotionDetail,
  type ReleaseFile,
  type Renderer,
  releasePath,
  type Snapshot,
  serializeReleaseFile,
  servicePath,
} from '../../../lib/ledger';
import { canonicalJson } from '../../../lib/values';
import { digestNamed, fakeRenderer, imageNamed, releaseOf, serviceOf } from '../fixtures';

const renderer = fakeRenderer();
const empty = { commit: 'a'.repeat(40), files: new Map<string, string>() };

/** A ledger in which hello is published in dev and runs the given release, rendered by the given version. */
function ledgerWith(running?: string, version = '1', memory = '512Mi'): Snapshot {
  const service = serviceOf('hello', 'dev', { memory });
  const files = new Map([[servicePath('dev', 'hello'), canonicalJson(service)]]);
  if (running !== undefined) {
    const release = releaseOf('hello', 'dev', running);
    files.set(releasePath('dev', 'hello'), serializeReleaseFile(release));
    for (const [path, text] of fakeRenderer(version).service(service, release)) {
      files.set(path, text);
    }
  }
  return { commit: 'a'.repeat(40), files };
}

function applied(head: Snapshot, decision: Decision<PromotionDetail>): Snapshot {
  if (decision.kind !== 'write') {
    return head;
  }
  const files = new Map([...head.files, ...decision.files]);
  for (const path of decision.deletes) {
    files.delete(path);
  }
  return { commit: 'b'.repeat(40), files };
}

const promote = (head: Snapshot, release: ReleaseFile | string, by: Renderer = renderer) =>
  decidePromotion(head, { release: typeof release === 'string' ? releaseOf('hello', 'dev', release) : release }, by);

describe('a promotion', () => {
  const running = fc.option(fc.constantFrom('one', 'two', 'three'), { nil: undefined });
  const version = fc.constantFrom('1', '0.9');

  test('is a pure function of HEAD and idempotent', () => {
    fc.assert(
      fc.property(running, version, fc.constantFrom('one', 'two', 'three'), (before, by, next) => {
        const head = ledgerWith(before, by);
        const decision = promote(head, next);
        expect(promote(head, next)).toEqual(decision);
        const after = applied(head, decision);
        expect(after.files.get(releasePath('dev', 'hello'))).toBe(
          serializeReleaseFile(releaseOf('hello', 'dev', next)),
        );
        expect(promote(after, next).kind).toBe('nothing');
      }),
    );
  });

  test('leaves the image digest exactly once in the manifests and changes no other service', () => {
    fc.assert(
      fc.property(running, version, fc.constantFrom('one', 'two', 'three'), (before, by, next) => {
        const head = ledgerWith(before, by);
        const filesWithOther = new Map([
          ...head.files,
          [servicePath('dev', 'other'), '{}'],
          [appPath('dev', 'other'), 'x'],
        ]);
        const decision = promote({ ...head, files: filesWithOther }, next);
        const changed = decision.kind === 'write' ? [...decision.files.keys(), ...decision.deletes] : [];
        expect(changed.filter((path) => !path.includes('dev/hello'))).toEqual([]);
        const deployment = applied(head, decision).files.get(manifestPath('dev', 'hello', 'deployment')) ?? '';
        expect(deployment.split(digestNamed(next))).toHaveLength(2);
      }),
    );
  });

  test('writes the rendered new inputs if the renderer reproduces HEAD', () => {
    const decision = promote(ledgerWith('one'), 'two');
    const after = applied(ledgerWith('one'), decision);
    expect(after.files).toEqual(ledgerWith('two').files);
  });

  test('deletes outputs that are no longer rendered', () => {
    const head = ledgerWith();
    const stale = new Map([...head.files, [manifestPath('dev', 'hello', 'old'), 'left']]);
    const decision = promote({ ...head, files: stale }, 'one');
    expect(decision).toMatchObject({ kind: 'write', deletes: [manifestPath('dev', 'hello', 'old')] });
  });

  test('treats the same digest in another repository as a different image', () => {
    const moved = { ...releaseOf('hello', 'dev', 'one'), image: imageNamed('hello', 'one', 'elsewhere.example') };
    expect(promote(ledgerWith('one'), moved).kind).toBe('write');
    const decision = promote(ledgerWith('one', '0.9'), moved);
    expect(decision.kind === 'write' && decision.files.get(manifestPath('dev', 'hello', 'deployment'))).toContain(
      'elsewhere.example/acme/hello@',
    );
  });

  test('does not write if only the evidence changes, such as a new signature', () => {
    const release = releaseOf('hello', 'dev', 'one');
    const signed = { ...release, evidence: { ...release.evidence, signedBy: digestNamed('another key') } };
    expect(promote(ledgerWith('one'), signed).kind).toBe('nothing');
  });

  test('is refused if the service has no description', () => {
    expect(promote(empty, 'one')).toMatchObject({ kind: 'refuse', code: 'service-not-published' });
  });

  test.each([
    ['the old digest occurs twice', (text: string) => `${text}# was ${digestNamed('one')}\n`],
    ['the old digest is missing', () => 'image: by-hand\n'],
  ])('is refused if another version wrote the manifests and %s', (_, corrupt) => {
    const head = ledgerWith('one', '0.9');
    const path = manifestPath('dev', 'hello', 'deployment');
    const files = new Map([...head.files, [path, corrupt(head.files.get(path) ?? '')]]);
    const decision = promote({ ...head, files }, 'two');
    expect(decision).toMatchObject({ kind: 'refuse', code: 'manifests-unclear' });
    expect(decision.kind === 'refuse' && decision.reason).toContain('bowline publish --rerender');
  });

  test('renders the manifests again if all of them are missing', () => {
    const inputs = [...ledgerWith('one').files].filter(([path]) => path.endsWith('.json'));
    const head = { commit: 'a'.repeat(40), files: new Map(inputs) };
    expect(applied(head, promote(head, 'one')).files).toEqual(ledgerWith('one').files);
  });

  test.each([
    [servicePath('dev', 'hello'), '{"version": 1}', /services\/dev\/hello\.json: malformed at name/],
    [releasePath('dev', 'hello'), 'not JSON', /releases\/dev\/hello\.json: is not JSON/],
  ])('is refused with file and field if %s is malformed', (path, text, reason) => {
    const head = ledgerWith('one');
    const decision = promote({ ...head, files: new Map([...head.files, [path, text]]) }, 'two');
    expect(decision).toMatchObject({ kind: 'refuse', code: 'malformed-input', reason: expect.stringMatching(reason) });
  });

  test('is refused if another writer changed the release in the meantime', () => {
    const decide = (head: Snapshot, image: string | undefined) =>
      decidePromotion(head, { release: releaseOf('hello', 'dev', 'three'), expectedPrevious: { image } }, renderer);
    expect(decide(ledgerWith('two'), imageNamed('hello', 'one'))).toMatchObject({ kind: 'refuse', code: 'superseded' });
    expect(decide(ledgerWith('two'), undefined)).toMatchObject({ kind: 'refuse', code: 'superseded' });
    expect(decide(ledgerWith('two'), imageNamed('hello', 'two')).kind).toBe('write');
    expect(decide(ledgerWith('three'), imageNamed('hello', 'one')).kind).toBe('nothing');
  });

  test.each([
    ['writes another service', () => new Map([[manifestPath('dev', 'other', 'deployment'), digestNamed('two')]])],
    ['writes an input', () => new Map([[servicePath('dev', 'hello'), digestNamed('two')]])],
    ['omits the digest', () => new Map([[manifestPath('dev', 'hello', 'deployment'), 'image: latest']])],
    [
      'writes the digest twice',
      () => new Map([[manifestPath('dev', 'hello', 'deployment'), digestNamed('two').repeat(2)]]),
    ],
  ])('a renderer that %s is an error', (_, service) => {
    expect(() => promote(ledgerWith(), 'two', { ...renderer, service })).toThrow(/the renderer wrote/);
  });

  test('by the version that rendered HEAD has no notes, and a message for people and machines', () => {
    const release = releaseOf('hello', 'dev', 'two');
    expect(promote(ledgerWith('one'), release)).toMatchObject({
      kind: 'write',
      notes: [],
      detail: { previous: releaseOf('hello', 'dev', 'one') },
      message: {
        subject: `Promote hello to dev: ${digestNamed('two').slice(7, 19)}`,
        body: [],
        trailers: {
          Service: 'hello',
          Environment: 'dev',
          'Image-Digest': digestNamed('two'),
          'Previous-Digest': digestNamed('one'),
          'Source-Repository': 'acme/hello',
          'Source-Commit': release.source.commit,
          'Bowline-Change': 'promote',
        },
      },
    });
  });

  test('of the first release has no previous one', () => {
    const decision = promote(ledgerWith(), 'one');
    expect(decision).toMatchObject({ kind: 'write', notes: [], detail: { previous: undefined } });
    expect(decision.kind === 'write' && decision.message.trailers['Previous-Digest']).toBeUndefined();
  });

  test('by another version says that only the image was replaced', () => {
    const note = expect.stringContaining('only the image in them was replaced');
    expect(promote(ledgerWith('one', '0.9'), 'two')).toMatchObject({
      kind: 'write',
      notes: [note],
      message: { body: [note] },
    });
  });

  test('of the running release is nothing, with the running release', () => {
    expect(promote(ledgerWith('one'), 'one')).toEqual({
      kind: 'nothing',
      reason: expect.stringContaining('already runs'),
      notes: [],
      detail: { previous: releaseOf('hello', 'dev', 'one') },
    });
  });

  test('is refused if another writer removed the release in the meantime', () => {
    const promotion = {
      release: releaseOf('hello', 'dev', 'two'),
      expectedPrevious: { image: imageNamed('hello', 'one') },
    };
    expect(decidePromotion(ledgerWith(), promotion, renderer)).toMatchObject({ kind: 'refuse', code: 'superseded' });
  });

  test('completes the manifests of its own release, which another writer recorded in the meantime', () => {
    const inputs = [...ledgerWith('two').files].filter(([path]) => path.endsWith('.json'));
    const promotion = {
      release: releaseOf('hello', 'dev', 'two'),
      expectedPrevious: { image: imageNamed('hello', 'one') },
    };
    const decision = decidePromotion({ commit: undefined, files: new Map(inputs) }, promotion, renderer);
    expect(decision.kind).toBe('write');
  });

  test('is refused if the running release was scanned later', () => {
    const scanned = (name: string, scannedAt: string): ReleaseFile => {
      const release = releaseOf('hello', 'dev', name);
      return { ...release, evidence: { ...release.evidence, scannedAt } };
    };
    const head = ledgerWith('two');
    const files = new Map([
      ...head.files,
      [releasePath('dev', 'hello'), serializeReleaseFile(scanned('two', '2026-11-30T10:00:00Z'))],
    ]);
    expect(promote({ ...head, files }, scanned('one', '2026-11-30T09:59:59Z'))).toMatchObject({
      kind: 'refuse',
      code: 'older-release',
    });
    expect(promote({ ...head, files }, scanned('one', '2026-11-30T10:00:00Z')).kind).toBe('write');
  });
});
