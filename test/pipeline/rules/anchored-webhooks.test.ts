import { anchoredWebhooks } from '../../../lib/pipeline/rules/anchored-webhooks';
import { holdRule, resource } from './hold-rule';

const event = { Type: 'EVENT', Pattern: 'PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED' };
const actor = (Pattern: string) => ({ Type: 'ACTOR_ACCOUNT_ID', Pattern });
const project = (...FilterGroups: readonly (readonly object[])[]) =>
  resource('AWS::CodeBuild::Project', { Name: 'p', Triggers: { Webhook: true, FilterGroups } });

holdRule(anchoredWebhooks, {
  passes: {
    'no webhook': resource('AWS::CodeBuild::Project', { Name: 'p' }),
    'exact authors': project([event, actor('^(?:1234567|7654321)$')]),
    'an exact branch': project([event, { Type: 'BASE_REF', Pattern: '^refs/heads/main$' }]),
    'a folder and all below it': project([event, actor('^1$'), { Type: 'FILE_PATH', Pattern: '^services/hello/.*$' }]),
  },
  finds: {
    'an author that longer numbers contain': [
      project([event, actor('1234567')]),
      'ACTOR_ACCOUNT_ID 1234567 is not anchored',
    ],
    'alternatives that the anchors do not hold': [project([event, actor('^1234567|7654321$')]), 'not anchored'],
    'a dot that takes any character': [
      project([event, { Type: 'BASE_REF', Pattern: '^refs/heads/release-1.0$' }]),
      'a dot',
    ],
    'a second, weaker group': [project([event, actor('^1$')], [event]), 'group 2 names neither author nor branch'],
    'a group for every event': [project([actor('^1$')]), 'group 1 takes every event'],
  },
});
