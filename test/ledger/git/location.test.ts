import { repositoryAddress, withoutPassword } from '../../../lib/ledger';
import { branchName } from '../../../lib/ledger/git/location';

describe('the address of a ledger', () => {
  test.each([
    'https://github.com/acme/ledger.git',
    'http://127.0.0.1:8080/ledger.git',
    'ssh://git@example.com:22/acme/ledger.git',
    'git@example.com:acme/ledger.git',
    'file:///srv/ledger.git',
  ])('%s is taken as it is', (address) => expect(repositoryAddress(address)).toBe(address));

  test('a local path becomes absolute', () => {
    expect(repositoryAddress('.', __dirname)).toBe(__dirname);
    expect(repositoryAddress(__dirname)).toBe(__dirname);
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
  ])('%j is refused', (address) => expect(() => repositoryAddress(address)).toThrow());

  test('a path where nothing is says how to make a ledger', () => {
    expect(() => repositoryAddress('/nowhere/at/all.git')).toThrow(
      /no ledger at \/nowhere\/at\/all\.git: create it with/,
    );
  });

  test('no password gets into a text for people', () => {
    expect(withoutPassword("fatal: unable to access 'https://x:s3cr@t@example.com/l.git/'")).toBe(
      "fatal: unable to access 'https://example.com/l.git/'",
    );
    expect(() => repositoryAddress('git://me:secret@example.com/x')).toThrow(/^(?!.*secret)/);
  });

  test.each(['main', 'env/prod', 'release-1.2_x'])('the branch %s is taken', (branch) =>
    expect(branchName(branch)).toBe(branch),
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
  ])('the branch %j is refused', (branch) => expect(() => branchName(branch)).toThrow(/branch/));
});
