import fc from 'fast-check';
import {
  appPath,
  type Decision,
  decidePromotion,
  manifestPath,
  type PromotionDetail,
  type ReleaseFile,
  type Renderer,
  serializeReleaseFile,
  releasePath,
  type Snapshot,
  servicePath,
} from '../../../lib/ledger';
import { canonicalJson } from '../../../lib/values';
import { digestNamed, fakeRenderer, imageNamed, releaseOf, serviceOf } from '../fixtures';

const renderer = fakeRenderer();
const empty = { commit: 'a'.repeat(40), files: new Map<string, string>() };

/** A ledger where hello is published in dev, and runs what is given, rendered by a version. */
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

  test('is a pure function of HEAD, and done once: a second one finds nothing to do', () => {
    fc.assert(
      fc.property(running, version, fc.constantFrom('one', 'two', 'three'), (before, by, next) => {
        const head = ledgerWith(before, by);
        const decision = promote(head, next);
        expect(promote(head, next)).toEqual(decision);
        const after = applied(head, decision);
        expect(after.files.get(releasePath('dev', 'hello'))).toBe(serializeReleaseFile(releaseOf('hello', 'dev', next)));
        expect(promote(after, next).kind).toBe('nothing');
      }),
    );
  });

  test('leaves the image digest exactly once in the manifests, and touches no other service', () => {
    fc.assert(
      fc.property(running, version, fc.constantFrom('one', 'two', 'three'), (before, by, next) => {
        const head = ledgerWith(before, by);
        const others = new Map([...head.files, [servicePath('dev', 'other'), '{}'], [appPath('dev', 'other'), 'x']]);
        const decision = promote({ ...head, files: others }, next);
        const touched = decision.kind === 'write' ? [...decision.files.keys(), ...decision.deletes] : [];
        expect(touched.filter((path) => !path.includes('dev/hello'))).toEqual([]);
        const deployment = applied(head, decision).files.get(manifestPath('dev', 'hello', 'deployment')) ?? '';
        expect(deployment.split(digestNamed(next))).toHaveLength(2);
      }),
    );
  });

  test('where the renderer reproduces HEAD, gives just what rendering the new inputs gives', () => {
    const decision = promote(ledgerWith('one'), 'two');
    const after = applied(ledgerWith('one'), decision);
    expect(after.files).toEqual(ledgerWith('two').files);
  });

  test('takes away outputs that the renderer no longer writes', () => {
    const head = ledgerWith();
    const stale = new Map([...head.files, [manifestPath('dev', 'hello', 'old'), 'left']]);
    const decision = promote({ ...head, files: stale }, 'one');
    expect(decision).toMatchObject({ kind: 'write', deletes: [manifestPath('dev', 'hello', 'old')] });
  });

  test('another image repository with the same digest is another image', () => {
    const moved = { ...releaseOf('hello', 'dev', 'one'), image: imageNamed('hello', 'one', 'elsewhere.example') };
    expect(promote(ledgerWith('one'), moved).kind).toBe('write');
    const decision = promote(ledgerWith('one', '0.9'), moved);
    expect(decision.kind === 'write' && decision.files.get(manifestPath('dev', 'hello', 'deployment'))).toContain(
      'elsewhere.example/acme/hello@',
    );
  });

  test('evidence alone, such as a new signature, is no reason to write', () => {
    const release = releaseOf('hello', 'dev', 'one');
    const signed = { ...release, evidence: { ...release.evidence, signedBy: digestNamed('another key') } };
    expect(promote(ledgerWith('one'), signed).kind).toBe('nothing');
  });

  test('is refused where the service has no description', () => {
    expect(promote(empty, 'one')).toMatchObject({ kind: 'refuse', code: 'service-not-published' });
  });

  test.each([
    ['the old digest stands twice', (text: string) => `${text}# was ${digestNamed('one')}\n`],
    ['the old digest is gone', () => 'image: by-hand\n'],
  ])('is refused where another version wrote the manifests and %s', (_, spoil) => {
    const head = ledgerWith('one', '0.9');
    const path = manifestPath('dev', 'hello', 'deployment');
    const files = new Map([...head.files, [path, spoil(head.files.get(path) ?? '')]]);
    const decision = promote({ ...head, files }, 'two');
    expect(decision).toMatchObject({ kind: 'refuse', code: 'manifests-unclear' });
    expect(decision.kind === 'refuse' && decision.reason).toContain('bowline publish --rerender');
  });

  test('renders anew where the manifests are all gone', () => {
    const inputs = [...ledgerWith('one').files].filter(([path]) => path.endsWith('.json'));
    const head = { commit: 'a'.repeat(40), files: new Map(inputs) };
    expect(applied(head, promote(head, 'one')).files).toEqual(ledgerWith('one').files);
  });

  test.each([
    [servicePath('dev', 'hello'), '{"version": 1}', /services\/dev\/hello\.json: malformed at name/],
    [releasePath('dev', 'hello'), 'not JSON', /releases\/dev\/hello\.json: is not JSON/],
  ])('is refused with file and field where %s is broken', (path, text, reason) => {
    const head = ledgerWith('one');
    const decision = promote({ ...head, files: new Map([...head.files, [path, text]]) }, 'two');
    expect(decision).toMatchObject({ kind: 'refuse', code: 'malformed-input', reason: expect.stringMatching(reason) });
  });

  test('is dropped when another writer has changed what the service runs since it was judged first', () => {
    const judge = (head: Snapshot, image: string | undefined) =>
      decidePromotion(head, { release: releaseOf('hello', 'dev', 'three'), expectedPrevious: { image } }, renderer);
    expect(judge(ledgerWith('two'), imageNamed('hello', 'one'))).toMatchObject({ kind: 'refuse', code: 'superseded' });
    expect(judge(ledgerWith('two'), undefined)).toMatchObject({ kind: 'refuse', code: 'superseded' });
    expect(judge(ledgerWith('two'), imageNamed('hello', 'two')).kind).toBe('write');
    expect(judge(ledgerWith('three'), imageNamed('hello', 'one')).kind).toBe('nothing');
  });

  test.each([
    ['writes another service', () => new Map([[manifestPath('dev', 'other', 'deployment'), digestNamed('two')]])],
    ['writes an input', () => new Map([[servicePath('dev', 'hello'), digestNamed('two')]])],
    ['writes the digest nowhere', () => new Map([[manifestPath('dev', 'hello', 'deployment'), 'image: latest']])],
    [
      'writes the digest twice',
      () => new Map([[manifestPath('dev', 'hello', 'deployment'), digestNamed('two').repeat(2)]]),
    ],
  ])('a renderer that %s is not believed', (_, service) => {
    expect(() => promote(ledgerWith(), 'two', { ...renderer, service })).toThrow(/the renderer wrote/);
  });
});
