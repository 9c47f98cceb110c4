import fc from 'fast-check';
import { chooseRelease, type LedgerState, releasedDigest, releaseFileText, rollbackCandidates } from '../../lib/ledger';
import { digestNamed, releaseOf } from './fixtures';

/** States of hello in dev, oldest first: a name is a promotion, `<name` a rollback to it, undefined is "taken out". */
function states(...names: readonly (string | undefined)[]): readonly LedgerState[] {
  return names
    .map((word, index): LedgerState => {
      const name = word?.replace('<', '');
      const release = name === undefined ? undefined : releaseOf('hello', 'dev', name);
      return {
        commit: String(index).padStart(40, '0'),
        when: '2026-01-01T00:00:00Z',
        change: word?.startsWith('<') ? 'rollback' : 'promote',
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
  rollbackCandidates(states(...names)).map((state) => state.release && releasedDigest(state.release));
const digests = (...names: readonly string[]) => names.map(digestNamed);

describe('the releases to go back through', () => {
  test('are those that came one after the other', () => expect(back('a', 'b', 'c')).toEqual(digests('a', 'b', 'c')));

  test('after a rollback are those before: the one that was left is no way back', () => {
    expect(back('z', 'a', 'b', '<a')).toEqual(digests('z', 'a'));
    expect(back('a', 'b', '<a')).toEqual(digests('a'));
    expect(back('a', 'b', '<a', 'c')).toEqual(digests('a', 'c'));
  });

  test('hold what was promoted before, also where an earlier image was promoted anew', () => {
    expect(back('z', 'a', 'b', 'a')).toEqual(digests('z', 'a', 'b', 'a'));
    expect(back('z', 'a', 'b', 'a', '<b')).toEqual(digests('z', 'a', 'b'));
    expect(back('a', 'a')).toEqual(digests('a'));
  });

  test('end where the service was taken out of the ledger', () =>
    expect(back('a', undefined, 'b')).toEqual(digests('b')));

  const change = fc.constantFrom('a', 'b', 'c', '<a', '<b', '<c', undefined);

  test('never hold a digest twice in a row, and end with what runs', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1 }), (names) => {
        const list = back(...names);
        expect(list.every((digest, index) => digest !== list[index - 1])).toBe(true);
        const last = names.at(-1)?.replace('<', '');
        expect(list.at(-1)).toEqual(last === undefined ? undefined : digestNamed(last));
      }),
    );
  });

  test('rolling back again and again goes through them one by one, and then says that there is no more', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (names) => {
        const ran: (string | undefined)[] = [...names];
        for (let list = back(...ran); list.length > 1; list = back(...ran)) {
          const choice = chooseRelease(states(...ran), undefined);
          const to = choice.ok ? releasedDigest(choice.state.release) : undefined;
          expect(to).toBe(list.at(-2));
          ran.push(`<${['a', 'b', 'c'].find((name) => digestNamed(name) === to)}`);
          expect(back(...ran)).toEqual(list.slice(0, -1));
        }
        expect(chooseRelease(states(...ran), undefined)).toMatchObject({ ok: false, code: 'no-earlier-release' });
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
