import fc from 'fast-check';
import {
  chooseRelease,
  type LedgerState,
  releasedDigest,
  releaseFileText,
  releasesToGoBackThrough,
} from '../../lib/ledger';
import { digestNamed, releaseOf } from './fixtures';

/** States of hello in dev, oldest first: a name is a release, undefined is "taken out". */
function states(...names: readonly (string | undefined)[]): readonly LedgerState[] {
  return names
    .map((name, index): LedgerState => {
      const release = name === undefined ? undefined : releaseOf('hello', 'dev', name);
      return {
        commit: String(index).padStart(40, '0'),
        when: '2026-01-01T00:00:00Z',
        change: 'promote',
        author: 'Bowline',
        subject: '',
        serviceText: '{}',
        release,
        releaseText: release && releaseFileText(release),
      };
    })
    .reverse();
}

const back = (...names: readonly (string | undefined)[]) =>
  releasesToGoBackThrough(states(...names)).map((state) => state.release && releasedDigest(state.release));
const digests = (...names: readonly string[]) => names.map(digestNamed);

describe('the releases to go back through', () => {
  test('are those that came one after the other', () => expect(back('a', 'b', 'c')).toEqual(digests('a', 'b', 'c')));

  test('after a rollback are those before: the one that was left is no way back', () => {
    expect(back('z', 'a', 'b', 'a')).toEqual(digests('z', 'a'));
    expect(back('a', 'b', 'a')).toEqual(digests('a'));
    expect(back('a', 'b', 'a', 'c')).toEqual(digests('a', 'c'));
  });

  test('end where the service was taken out of the ledger', () =>
    expect(back('a', undefined, 'b')).toEqual(digests('b')));

  test('never hold a digest twice, and end with what runs', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', undefined), { minLength: 1 }), (names) => {
        const list = back(...names);
        expect(new Set(list).size).toBe(list.length);
        const last = names.at(-1);
        expect(list.at(-1)).toEqual(last === undefined ? undefined : digestNamed(last));
      }),
    );
  });

  test('rolling back again and again reaches the first release, and then says so', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 12 }), (names) => {
        const ran: string[] = [...names];
        const left = new Set<string>();
        for (let step = 0; step <= names.length; step++) {
          const choice = chooseRelease(states(...ran), undefined);
          if (!choice.ok) {
            expect(choice.code).toBe('no-earlier-release');
            return;
          }
          left.add(ran.at(-1) ?? '');
          const to = ['a', 'b', 'c', 'd'].find(
            (name) => digestNamed(name) === releasedDigest(choice.state.release),
          ) as string;
          expect(left.has(to)).toBe(false);
          ran.push(to);
        }
        throw new Error('rolled back for ever');
      }),
    );
  });
});

describe('choosing a release', () => {
  test('takes the newest state of the digest that is named, whole or by its first eight digits', () => {
    const all = states('a', 'b', 'a', 'c');
    const to = digestNamed('a');
    expect(chooseRelease(all, to)).toMatchObject({ ok: true, state: { commit: '2'.padStart(40, '0') } });
    expect(chooseRelease(all, to.slice(7, 15))).toEqual(chooseRelease(all, to));
  });

  test.each(['latest', 'abc', '../x', 'sha256:xyz', '--force'])('does not take %j for a digest', (to) =>
    expect(chooseRelease(states('a', 'b'), to)).toMatchObject({ ok: false, code: 'unknown-release' }),
  );

  test('lists what there was when the one named is unknown', () => {
    const choice = chooseRelease(states('a', 'b'), digestNamed('never'));
    expect(choice).toMatchObject({ ok: false, code: 'unknown-release' });
    expect(!choice.ok && choice.why).toContain(digestNamed('a'));
  });

  test('says when there is none before', () => {
    expect(chooseRelease(states('a'), undefined)).toMatchObject({ ok: false, code: 'no-earlier-release' });
    expect(chooseRelease([], undefined)).toMatchObject({ ok: false, code: 'no-earlier-release' });
  });
});
