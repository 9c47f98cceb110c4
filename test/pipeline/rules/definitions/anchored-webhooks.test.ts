import fc from 'fast-check';
import { anchoredWebhooks } from '../../../../lib/pipeline/rules/definitions/anchored-webhooks';
import { checkRule, resource } from '../check-rule';

const event = { Type: 'EVENT', Pattern: 'PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED' };
const push = { Type: 'EVENT', Pattern: 'PUSH' };
const actor = (Pattern: string) => ({ Type: 'ACTOR_ACCOUNT_ID', Pattern });
const base = (Pattern: string) => ({ Type: 'BASE_REF', Pattern });
const head = (Pattern: string) => ({ Type: 'HEAD_REF', Pattern });
const triggers = (more: object) => resource('AWS::CodeBuild::Project', { Name: 'p', Triggers: more });
const project = (...FilterGroups: readonly (readonly object[])[]) =>
  triggers({
    Webhook: true,
    FilterGroups,
    PullRequestBuildPolicy: { RequiresCommentApproval: 'FORK_PULL_REQUESTS' },
  });

checkRule(anchoredWebhooks, {
  passes: {
    'no webhook': resource('AWS::CodeBuild::Project', { Name: 'p' }),
    'a disabled webhook': triggers({ Webhook: false }),
    'exact authors': project([event, actor('^(?:1234567|7654321)$')]),
    'an exact branch': project([event, base('^refs/heads/main$')]),
    'a branch with dots': project([event, base('^refs/heads/release-1\\.0$')]),
    'a folder and everything below it': project([
      event,
      actor('^1$'),
      { Type: 'FILE_PATH', Pattern: '^services/hello/.*$' },
    ]),
    'a push to an exact branch': triggers({ Webhook: true, FilterGroups: [[push, head('^refs/heads/main$')]] }),
    'an additional filter that excludes files': project([
      event,
      actor('^1$'),
      { Type: 'FILE_PATH', Pattern: 'README', ExcludeMatchedPattern: true },
    ]),
  },
  finds: {
    'a webhook without filters': [triggers({ Webhook: true }), 'p has a webhook without filters'],
    'a webhook with an empty list of filters': [triggers({ Webhook: true, FilterGroups: [] }), 'without filters'],
    'an author ID without anchors': [project([event, actor('1234567')]), 'ACTOR_ACCOUNT_ID 1234567 is not anchored'],
    'any author between anchors': [project([event, actor('^.*$')]), 'group 1 selects neither authors nor a branch'],
    'any number between anchors': [project([event, actor('^[0-9]+$')]), 'selects neither authors nor a branch'],
    'any number in another notation': [project([event, actor('^\\d+$')]), 'selects neither authors nor a branch'],
    'an author or an empty value': [project([event, actor('^(1|)$')]), 'selects neither authors nor a branch'],
    'any branch between anchors': [project([event, base('^refs/heads/.*$')]), 'selects neither authors nor a branch'],
    'the head branch of a pull request': [
      project([event, head('^refs/heads/main$')]),
      'group 1 selects neither authors nor a branch',
    ],
    'all authors except one': [
      project([event, { ...actor('^1234567$'), ExcludeMatchedPattern: true }]),
      'selects neither authors nor a branch',
    ],
    'all branches except one': [
      project([event, { ...base('^refs/heads/main$'), ExcludeMatchedPattern: true }]),
      'selects neither authors nor a branch',
    ],
    'all events except one': [
      project([{ ...event, ExcludeMatchedPattern: true }, actor('^1$')]),
      'group 1 selects every event',
    ],
    'alternatives outside of the anchors': [project([event, actor('^1234567|7654321$')]), 'not anchored'],
    'an unescaped dot': [project([event, base('^refs/heads/release-1.0$')]), 'an unescaped dot'],
    'a weaker second group': [project([event, actor('^1$')], [event]), 'group 2 selects neither authors nor a branch'],
    'a group for every event': [project([actor('^1$')]), 'group 1 selects every event'],
    'pull requests without a policy for forks': [
      triggers({ Webhook: true, FilterGroups: [[event, actor('^1$')]] }),
      "without a maintainer's comment (PullRequestBuildPolicy is missing)",
    ],
    'pull requests that are built without a comment': [
      triggers({
        Webhook: true,
        FilterGroups: [
          [push, base('^refs/heads/main$')],
          [event, actor('^1$')],
        ],
        PullRequestBuildPolicy: { RequiresCommentApproval: 'DISABLED' },
      }),
      'PullRequestBuildPolicy is DISABLED',
    ],
  },
});

describe('for any pattern of authors', () => {
  const ids = ['1234567', '765'];
  const digits = fc.stringMatching(/^[0-9]{0,3}$/);
  /** An untrusted number that contains a trusted one. */
  const superString = fc
    .tuple(digits, fc.constantFrom(...ids), digits)
    .map((parts) => parts.join(''))
    .filter((text) => !ids.includes(text));
  const piece = fc.constantFrom('^', '$', '(', '(?:', ')', '|', '.*', '.', '[0-9]+', '\\d', '?', '*', '\\', ...ids);
  const pattern = fc.oneof(
    fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join('')),
    fc.array(piece, { maxLength: 5 }).map((pieces) => `^${pieces.join('')}$`),
    fc.array(piece, { maxLength: 4 }).map((pieces) => `^(${[...ids, ...pieces].join('|')})$`),
  );

  test('a pattern that passes matches only the numbers that it lists', () => {
    let passed = 0;
    fc.assert(
      fc.property(pattern, fc.array(superString, { minLength: 1, maxLength: 8 }), (text, untrusted) => {
        if (anchoredWebhooks.check(project([event, actor(text)])).length > 0) {
          return;
        }
        passed++;
        for (const id of untrusted) {
          expect([text, id, new RegExp(text).test(id)]).toEqual([text, id, false]);
        }
      }),
      { numRuns: 3000 },
    );
    expect(passed).toBeGreaterThan(10);
  });
});
