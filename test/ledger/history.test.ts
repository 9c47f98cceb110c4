import fc from 'fast-check';
import {
  chooseRelease,
  type LedgerState,
  releasedDigest,
  rollbackCandidates,
  serializeReleaseFile,
} from '../../lib/ledger';
import { digestNamed, releaseOf } from './fixtures';

/** States of hello in dev, given oldest first: a name is a promotion, `<name` a rollback to it, undefined a removal. */
function states(...names: readonly (string | undefined)[]): readonly LedgerState[] {
  return names
    .map((entry, index): LedgerState => {
      const name = entry?.replace('<', '');
      const release = name === undefined ? undefined : releaseOf('hello', 'dev', name);
      return {
        commit: String(index).padStart(40, '0'),
        when: '2026-01-01T00:00:00Z',
        change: entry?.startsWith('<') ? 'rollback' : 'promote',
        author: 'Bowline',
        subject: '',
        serviceText: '{}',
        release,
        releaseText: release && serializeReleaseFile(release),
      };
    })
    .reverse();
}

const candidates = (...names: readonly (string | undefined)[]) =>
  rollbackCandidates(states(...names)).map((state) => state.release && releasedDigest(state.release));
const digests = (...names: readonly string[]) => names.map(digestNamed);

describe('the rollback candidates', () => {
  test('are the promoted releases in order', () => expect(candidates('a', 'b', 'c')).toEqual(digests('a', 'b', 'c')));

  test('do not include the release that a rollback left', () => {
    expect(candidates('z', 'a', 'b', '<a')).toEqual(digests('z', 'a'));
    expect(candidates('a', 'b', '<a')).toEqual(digests('a'));
    expect(candidates('a', 'b', '<a', 'c')).toEqual(digests('a', 'c'));
  });

  test('include all earlier releases, even if an image was promoted again', () => {
    expect(candidates('z', 'a', 'b', 'a')).toEqual(digests('z', 'a', 'b', 'a'));
    expect(candidates('z', 'a', 'b', 'a', '<b')).toEqual(digests('z', 'a', 'b'));
    expect(candidates('a', 'a')).toEqual(digests('a'));
  });

  test('do not include releases before a removal of the service', () =>
    expect(candidates('a', undefined, 'b')).toEqual(digests('b')));

  const change = fc.constantFrom('a', 'b', 'c', '<a', '<b', '<c', undefined);

  test('never contain a digest twice in a row, and end with the current release', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1 }), (names) => {
        const list = candidates(...names);
        expect(list.every((digest, index) => digest !== list[index - 1])).toBe(true);
        const last = names.at(-1)?.replace('<', '');
        expect(list.at(-1)).toEqual(last === undefined ? undefined : digestNamed(last));
      }),
    );
  });

  test('repeated rollbacks visit them one by one until none is left', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (names) => {
        const ran: (string | undefined)[] = [...names];
        for (let list = candidates(...ran); list.length > 1; list = candidates(...ran)) {
          const choice = chooseRelease(states(...ran), undefined);
          const to = choice.ok ? releasedDigest(choice.state.release) : undefined;
          expect(to).toBe(list.at(-2));
          ran.push(`<${['a', 'b', 'c'].find((name) => digestNamed(name) === to)}`);
          expect(candidates(...ran)).toEqual(list.slice(0, -1));
        }
        expect(chooseRelease(states(...ran), undefined)).toMatchObject({ ok: false, code: 'no-earlier-release' });
      }),
    );
  });
});

describe('choosing a release', () => {
  test('selects the newest state of a digest, given in full or by its first eight digits', () => {
    const all = states('a', 'b', 'a', 'c');
    const to = digestNamed('a');
    expect(chooseRelease(all, to)).toMatchObject({ ok: true, state: { commit: '2'.padStart(40, '0') } });
    expect(chooseRelease(all, to.slice(7, 15))).toEqual(chooseRelease(all, to));
  });

  test.each(['latest', 'abc', '../x', 'sha256:xyz', '--force'])('rejects %j as a digest', (to) =>
    expect(chooseRelease(states('a', 'b'), to)).toMatchObject({ ok: false, code: 'unknown-release' }),
  );

  test('lists the known releases if the requested one is unknown', () => {
    const choice = chooseRelease(states('a', 'b'), digestNamed('never'));
    expect(choice).toMatchObject({ ok: false, code: 'unknown-release' });
    expect(!choice.ok && choice.reason).toContain(digestNamed('a'));
  });

  test('reports that there is no earlier release', () => {
    expect(chooseRelease(states('a'), undefined)).toMatchObject({ ok: false, code: 'no-earlier-release' });
    expect(chooseRelease([], undefined)).toMatchObject({ ok: false, code: 'no-earlier-release' });
  });
});
