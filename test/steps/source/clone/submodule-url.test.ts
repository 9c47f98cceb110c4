import fc from 'fast-check';
import { resolveSubmoduleUrl, type SourceHost } from '../../../../lib/steps/source/clone/submodule-url';

const proxy = 'https://codestar-connections.eu-west-1.amazonaws.com/git-http/111111111111/eu-west-1/0a1b-2c';
const connection: SourceHost = {
  origin: `${proxy}/acme/shop.git`,
  repository: 'acme/shop',
  submodules: ['acme/proto', 'other/keys'],
  publicHost: 'github.com',
};
const gitlab: SourceHost = {
  origin: `${proxy}/acme/backend/shop.git`,
  repository: 'acme/backend/shop',
  submodules: ['acme/libs/log'],
  publicHost: 'gitlab.com',
};
const codeCommit: SourceHost = {
  origin: 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/shop',
  repository: 'shop',
  submodules: ['proto'],
};
const direct: SourceHost = {
  origin: 'https://github.com/acme/shop.git',
  repository: 'acme/shop',
  submodules: [],
  publicHost: 'github.com',
};

describe('a submodule is fetched', () => {
  test.each([
    ['through the connection, if the catalog names it', connection, '../proto.git', `${proxy}/acme/proto.git`],
    ['so also by its URL at the provider', connection, 'https://github.com/acme/proto', `${proxy}/acme/proto.git`],
    ['so also from another owner', connection, '../../other/keys', `${proxy}/other/keys.git`],
    ['from the provider without a login, if not named', connection, '../lib.git', 'https://github.com/acme/lib.git'],
    ['from a public URL', connection, 'https://github.com/acme/lib', 'https://github.com/acme/lib'],
    ['from another host', connection, 'https://example.com/a/b.git', 'https://example.com/a/b.git'],
    ['from nested groups', gitlab, '../../libs/log.git', `${proxy}/acme/libs/log.git`],
    ['from CodeCommit', codeCommit, '../proto', 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/proto'],
    ['from the host of a clone that is no connection', direct, './../lib.git', 'https://github.com/acme/lib.git'],
    [
      'not from a repository whose name only begins like one',
      connection,
      '../proto2.git',
      'https://github.com/acme/proto2.git',
    ],
  ])('%s', (_, host, written, url) => {
    expect(resolveSubmoduleUrl(written, host.origin, host)).toEqual({ ok: true, url });
  });
});

test.each([
  [
    'git@github.com:acme/lib.git',
    /ssh key/,
    'Write https://github.com/acme/lib.git, or the path from this repository, such as ../lib.git.',
  ],
  [
    'ssh://git@github.com:22/acme/lib.git',
    /ssh key/,
    'Write https://github.com/acme/lib.git, or the path from this repository, such as ../lib.git.',
  ],
  ['git://github.com/acme/lib.git', /not an https URL/, 'Bowline fetches only'],
  ['HTTPS://github.com/acme/lib.git', /not an https URL/, 'Bowline fetches only'],
  ['https://github.com/acme/lib.git?x', /not an https URL/, 'Bowline fetches only'],
  ['https://github.com/acme/../../x', /not an https URL/, 'Bowline fetches only'],
  ['https://github.com/a\nb', /not an https URL/, 'Bowline fetches only'],
  ['', /not an https URL/, 'Bowline fetches only'],
  ['../../../../../../../x', /leads out of the git host/, 'Correct the number'],
  ['../a/../../x', /not an https URL/, 'Bowline fetches only'],
])('%j is refused with a remedy', (written, reason, remedy) => {
  expect(resolveSubmoduleUrl(written, connection.origin, connection)).toEqual({
    ok: false,
    reason: expect.stringMatching(reason),
    remedy: expect.stringContaining(remedy),
  });
});

test('whatever .gitmodules has, a URL is https, has no login, and stays on one line', () => {
  const part = fc.constantFrom(
    '..',
    '.',
    '/',
    'https://',
    'ext::',
    'file://',
    '@',
    ':',
    'github.com',
    'a',
    '-o',
    '\n',
    '%',
    ' ',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(part, { maxLength: 9 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, fc.constantFrom(connection, gitlab, codeCommit, direct), (written, host) => {
      const result = resolveSubmoduleUrl(written, host.origin, host);
      expect(result.ok ? result.url : 'https://x/y').toMatch(/^https:\/\/[A-Za-z0-9.-]+(?::[0-9]+)?\/[^\s@:?#%]+$/);
    }),
  );
});
