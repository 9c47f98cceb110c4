import { branchRef, gitRef, instantOf, isGitRef, isInstant } from '../../lib/values';

test.each(['refs/heads/main', 'refs/heads/release/1.2', 'refs/heads/a_b-c', 'refs/pull/head'])(
  '%s is a ref',
  (text) => {
    expect(isGitRef(text)).toBe(true);
  },
);

test.each([
  '',
  'main',
  'refs',
  'refs/',
  'refs/heads/',
  'refs//main',
  'refs/heads/a..b',
  'refs/heads/-a',
  'refs/heads/a b',
  'refs/heads/a.lock',
  'refs/heads/a.',
  'refs/heads/$(x)',
  `refs/heads/${'a'.repeat(200)}`,
])('%j is not a ref', (text) => {
  expect(isGitRef(text)).toBe(false);
  expect(() => gitRef(text)).toThrow('refs/heads/main');
});

test('a branch has a full name', () => {
  expect(branchRef('main')).toBe('refs/heads/main');
});

test('an instant is a second in UTC that exists', () => {
  expect(instantOf(new Date('2026-11-30T01:50:44.999Z'))).toBe('2026-11-30T01:50:44Z');
  expect(isInstant('2026-11-30T01:50:44Z')).toBe(true);
  for (const text of [
    '2026-02-30T00:00:00Z',
    '2026-11-30T01:50:44.1Z',
    '2026-11-30T01:50:44+01:00',
    '2026-11-30',
    '',
    '2026-11-30T25:00:00Z',
  ]) {
    expect(isInstant(text)).toBe(false);
  }
});
