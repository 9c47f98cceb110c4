import type { Reading } from '../../../lib/scaffold/adopt';
import { askForRepository, repositoryOf } from '../../../lib/scaffold/adopt';

const readingOf = (module: string): Reading => ({
  module,
  goMod: { file: 'go.mod', line: 1 },
  packages: [],
  addresses: [],
  paths: [],
  metrics: [],
  files: [],
  dockerfiles: [],
  skipped: [],
});
const github = { kind: 'connection', provider: 'github' } as const;
const gitlab = { kind: 'connection', provider: 'gitlab' } as const;
const codecommit = { kind: 'codecommit', provider: 'github' } as const;

test.each([
  ['https://github.com/acme/shop.git', github, 'acme/shop'],
  ['https://token@github.com/acme/shop', github, 'acme/shop'],
  ['git@github.com:acme/shop.git', github, 'acme/shop'],
  ['ssh://git@host:22/acme/shop', github, 'acme/shop'],
  ['https://gitlab.com/acme/store/shop.git', gitlab, 'acme/store/shop'],
  ['https://gitlab.com/acme/store/shop.git', github, undefined],
  ['https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/shop', codecommit, 'shop'],
  ['https://git.example.com/acme/shop', github, undefined],
  ['git@bitbucket.org:acme/shop.git', github, undefined],
  ['git@github-work:acme/shop.git', github, 'acme/shop'],
  ['ssh://git@ssh.github.com:443/acme/shop.git', github, 'acme/shop'],
  ['/srv/git/shop.git', github, 'octo/shop'],
  ['', github, 'octo/shop'],
])('the repository of the remote %j on %j is %s', (remote, source, repository) => {
  expect(repositoryOf({ remote }, readingOf('github.com/octo/shop/v2'), source)?.value).toBe(repository);
});

test('a module path that names no repository gives none', () => {
  expect(repositoryOf({}, readingOf('shop.example.com'), github)).toBeUndefined();
});

test('a credential in the remote is not shown', () => {
  expect(repositoryOf({ remote: 'https://me:s3cret@github.com/acme/shop' }, readingOf('x'), github)?.where).toBe(
    'git remote origin, https://github.com/acme/shop',
  );
});

test('a remote on a host that the connection cannot read is asked for, without its credential', () => {
  expect(askForRepository({ remote: 'https://me:s3cret@git.example.com/acme/shop' }, github)).toBe(
    'the repository: git remote origin is on git.example.com, and the connection of the platform reads github.com',
  );
  expect(askForRepository({ remote: 'https://github.com/acme/shop' }, github)).toBeUndefined();
});
