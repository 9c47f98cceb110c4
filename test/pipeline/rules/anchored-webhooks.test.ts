import fc from 'fast-check';
import { anchoredWebhooks } from '../../../lib/pipeline/rules/anchored-webhooks';
import { checkRule, resource } from './check-rule';

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
    'a webhook that is off': triggers({ Webhook: false }),
    'exact authors': project([event, actor('^(?:1234567|7654321)$')]),
    'an exact branch': project([event, base('^refs/heads/main$')]),
    'a branch with dots': project([event, base('^refs/heads/release-1\\.0$')]),
    'a folder and all below it': project([event, actor('^1$'), { Type: 'FILE_PATH', Pattern: '^services/hello/.*$' }]),
    'a push to an exact branch': triggers({ Webhook: true, FilterGroups: [[push, head('^refs/heads/main$')]] }),
    'what leaves something out besides': project([
      event,
      actor('^1$'),
      { Type: 'FILE_PATH', Pattern: 'README', ExcludeMatchedPattern: true },
    ]),
  },
  finds: {
    'a webhook without filters': [triggers({ Webhook: true }), 'p has a webhook without filters'],
    'a webhook whose list of filters is empty': [triggers({ Webhook: true, FilterGroups: [] }), 'without filters'],
    'an author that longer numbers contain': [
      project([event, actor('1234567')]),
      'ACTOR_ACCOUNT_ID 1234567 is not anchored',
    ],
    'any author, between two anchors': [project([event, actor('^.*$')]), 'group 1 names neither author nor branch'],
    'any number, between two anchors': [project([event, actor('^[0-9]+$')]), 'names neither author nor branch'],
    'any number, in other words': [project([event, actor('^\\d+$')]), 'names neither author nor branch'],
    'an author, or nothing': [project([event, actor('^(1|)$')]), 'names neither author nor branch'],
    'any branch, between two anchors': [project([event, base('^refs/heads/.*$')]), 'names neither author nor branch'],
    'the branch that a pull request comes from': [
      project([event, head('^refs/heads/main$')]),
      'group 1 names neither author nor branch',
    ],
    'everybody but one author': [
      project([event, { ...actor('^1234567$'), ExcludeMatchedPattern: true }]),
      'names neither author nor branch',
    ],
    'every branch but one': [
      project([event, { ...base('^refs/heads/main$'), ExcludeMatchedPattern: true }]),
      'names neither author nor branch',
    ],
    'every event but one': [
      project([{ ...event, ExcludeMatchedPattern: true }, actor('^1$')]),
      'group 1 takes every event',
    ],
    'alternatives that the anchors do not hold': [project([event, actor('^1234567|7654321$')]), 'not anchored'],
    'a dot that takes any character': [project([event, base('^refs/heads/release-1.0$')]), 'a dot'],
    'a second, weaker group': [project([event, actor('^1$')], [event]), 'group 2 names neither author nor branch'],
    'a group for every event': [project([actor('^1$')]), 'group 1 takes every event'],
    'pull requests without a policy for forks': [
      triggers({ Webhook: true, FilterGroups: [[event, actor('^1$')]] }),
      "without a maintainer's comment (PullRequestBuildPolicy is missing)",
    ],
    'pull requests that need no comment': [
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

describe('whatever the pattern of authors', () => {
  const ids = ['1234567', '765'];
  const digits = fc.stringMatching(/^[0-9]{0,3}$/);
  /** A number that holds a trusted one, and is not it. */
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

  test('one that passes takes no number but those that it spells out', () => {
    let passed = 0;
    fc.assert(
      fc.property(pattern, fc.array(superString, { minLength: 1, maxLength: 8 }), (text, others) => {
        if (anchoredWebhooks.check(project([event, actor(text)])).length > 0) {
          return;
        }
        passed++;
        for (const other of others) {
          expect([text, other, new RegExp(text).test(other)]).toEqual([text, other, false]);
        }
      }),
      { numRuns: 3000 },
    );
    expect(passed).toBeGreaterThan(10);
  });
});
