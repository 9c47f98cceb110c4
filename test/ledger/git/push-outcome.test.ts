import { isTransient, parsePushOutcome } from '../../../lib/ledger/git/push-outcome';

const parse = (stdout: string, stderr = 'error: failed to push some refs', code = 1) =>
  parsePushOutcome({ code, stdout: Buffer.from(stdout), stderr });

describe('the outcome of a push', () => {
  test('exit code 0 is a success', () => expect(parse('', '', 0)).toEqual({ kind: 'pushed' }));

  test.each([
    '[rejected] (fetch first)',
    '[rejected] (non-fast-forward)',
    "[remote rejected] (cannot lock ref 'refs/heads/main': is at 1 but expected 2)",
    '[remote rejected] (failed to update ref)',
    '[remote rejected] (incorrect old value provided)',
    '[remote rejected] (reference already exists)',
  ])('%s is a conflict', (status) =>
    expect(parse(`To /ledger.git\n!\tabc:refs/heads/main\t${status}\nDone`)).toMatchObject({ kind: 'conflict' }),
  );

  test.each([
    '[remote rejected] (pre-receive hook declined)',
    '[remote rejected] (protected branch hook declined)',
    '[remote rejected] (branch is currently checked out)',
  ])('%s is a rejection with the message of the remote', (status) =>
    expect(parse(`!\tabc:refs/heads/main\t${status}`, 'remote: not on Fridays')).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('not on Fridays'),
    }),
  );

  test.each([
    'fatal: the remote end hung up unexpectedly',
    'error: RPC failed; curl 56 Recv failure: Connection reset by peer',
    "fatal: unable to access 'https://example.com/': The requested URL returned error: 503",
    "fatal: unable to access 'https://example.com/': Could not resolve host: example.com",
    'ssh: connect to host example.com port 22: Connection timed out',
  ])('%s leaves the outcome unknown', (stderr) => {
    expect(parse('', stderr)).toMatchObject({ kind: 'unknown' });
    expect(isTransient(stderr)).toBe(true);
  });

  test.each([
    "fatal: unable to access 'https://example.com/': The requested URL returned error: 403",
    "fatal: Authentication failed for 'https://example.com/'",
    'git@example.com: Permission denied (publickey).',
    "fatal: '/nowhere' does not appear to be a git repository",
  ])('%s is a rejection without a retry', (stderr) => {
    expect(parse('', stderr)).toMatchObject({ kind: 'rejected' });
    expect(isTransient(stderr)).toBe(false);
  });
});
