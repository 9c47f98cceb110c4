import { isPrivate } from '../../../lib/image/failures/private-pattern';

test.each([
  ['github.com/acme', 'github.com/acme/money', true],
  ['github.com/acme', 'github.com/acme', true],
  ['github.com/acme', 'github.com/acmecorp/money', false],
  ['*.example.com', 'git.example.com/acme/money', true],
  ['*.example.com', 'a.b.example.com/acme', true],
  ['*.example.com', 'example.com/acme', false],
  ['github.com/acme/*/internal', 'github.com/acme/money/internal/x', true],
  ['github.com/acme/*/internal', 'github.com/acme/money', false],
  ['git.example.com/team-?', 'git.example.com/team-a/x', true],
  ['git.example.com', 'gitxexample.com/x', false],
])('the pattern %s and the module %s: %s', (pattern, path, expected) => {
  expect(isPrivate([pattern], path)).toBe(expected);
});
