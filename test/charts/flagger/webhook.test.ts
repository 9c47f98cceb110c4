import { Webhook } from '../../../charts/flagger/webhook';

const url = 'http://bowline-agent.bowline:8080/rollback';

test.each([
  ['rollout', Webhook.rollout('a', url)],
  ['rollback', Webhook.rollback('a', url)],
  ['post-rollout', Webhook.postRollout('a', url)],
])('%s holds a check up for two seconds at most', (type, webhook) => {
  expect(webhook.toSpec()).toEqual({ name: 'a', type, url, timeout: '2s' });
});

test('carries metadata along', () => {
  expect(Webhook.rollout('a', url, { type: 'cmd' }).toSpec()).toMatchObject({ metadata: { type: 'cmd' } });
});

test.each(['', 'bowline-agent', 'ftp://a'])('refuses %j, which is called in vain', (wrong) => {
  expect(() => Webhook.rollback('a', wrong)).toThrow(`'url' (${wrong}) must begin with http:// or https://`);
});
