import { parseRepositoryAddress, removeCredentials } from '../../../lib/ledger';
import { parseBranchName } from '../../../lib/ledger/git/location';

describe('the address of a ledger', () => {
  test.each([
    'https://github.com/acme/ledger.git',
    'http://127.0.0.1:8080/ledger.git',
    'ssh://git@example.com:22/acme/ledger.git',
    'git@example.com:acme/ledger.git',
    'file:///srv/ledger.git',
  ])('%s is used unchanged', (address) => expect(parseRepositoryAddress(address)).toBe(address));

  test('a local path becomes absolute', () => {
    expect(parseRepositoryAddress('.', __dirname)).toBe(__dirname);
    expect(parseRepositoryAddress(__dirname)).toBe(__dirname);
  });

  test.each([
    '--upload-pack=touch /tmp/x',
    '-u',
    'ext::sh -c touch% /tmp/x',
    'git://example.com/ledger.git',
    'ssh://-oProxyCommand=x/y',
    'ssh://git@-oProxyCommand=x/y',
    'fd::17',
    'https://example.com/a b',
    'https://example.com/a\nb',
    'host:-x',
    '',
  ])('%j is rejected', (address) => expect(() => parseRepositoryAddress(address)).toThrow());

  test('the error for a missing path says how to create a ledger', () => {
    expect(() => parseRepositoryAddress('/nowhere/at/all.git')).toThrow(
      /the ledger \/nowhere\/at\/all\.git does not exist: create it with/,
    );
  });

  test('messages contain no password', () => {
    expect(removeCredentials("fatal: unable to access 'https://x:s3cr@t@example.com/l.git/'")).toBe(
      "fatal: unable to access 'https://example.com/l.git/'",
    );
    expect(() => parseRepositoryAddress('git://me:secret@example.com/x')).toThrow(/^(?!.*secret)/);
  });

  test.each(['main', 'env/prod', 'release-1.2_x'])('the branch %s is accepted', (branch) =>
    expect(parseBranchName(branch)).toBe(branch),
  );
  test.each([
    '',
    '-f',
    '+main',
    'a..b',
    'a:b',
    'a b',
    'x.lock',
    'a//b',
    '/a',
    'a/',
    'a/.b',
    'HEAD^',
    'a@{1}',
    'refs/heads/*',
  ])('the branch %j is rejected', (branch) => expect(() => parseBranchName(branch)).toThrow(/branch/));
});
