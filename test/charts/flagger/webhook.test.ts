import { Webhook } from '../../../charts/flagger/webhook';

const url = 'http://bowline-agent.bowline:8080/rollback';

test.each([
  ['rollout', Webhook.rollout('a', url)],
  ['rollback', Webhook.rollback('a', url)],
  ['post-rollout', Webhook.postRollout('a', url)],
])('%s times out after two seconds', (type, webhook) => {
  expect(webhook.toSpec()).toEqual({ name: 'a', type, url, timeout: '2s' });
});

test('includes its metadata', () => {
  expect(Webhook.rollout('a', url, { type: 'cmd' }).toSpec()).toMatchObject({ metadata: { type: 'cmd' } });
});

test.each(['', 'bowline-agent', 'ftp://a'])('rejects the URL %j', (invalid) => {
  expect(() => Webhook.rollback('a', invalid)).toThrow(`'url' must begin with http:// or https://, got: ${invalid}`);
});
