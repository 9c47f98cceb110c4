import { rollbackWebhookNotifies } from '../../../../charts/rules/definitions/pd011-rollback-webhook-notifies';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

test.each([
  ['https://hooks.slack.com/services/x', 'error'],
  ['https://discord.com/api/webhooks/1', 'error'],
  ['https://acme.webhook.office.com/x', 'error'],
  ['http://notifier.ops/notify', 'warning'],
])('a rollback webhook to %s is a finding: %s', (url, level) => {
  expect(onlyFinding(rollbackWebhookNotifies, validManifestsWith('http://agent.bowline/rollback', url))).toMatchObject({
    level,
    at: `url: ${url}`,
  });
});

test('the same URL as an event passes', () => {
  const event = validManifestsWith('http://agent.bowline/rollback', 'https://hooks.slack.com/services/x');
  expect(findings(rollbackWebhookNotifies, event.replace('type: rollback', 'type: event'))).toEqual([]);
});

test('a gate passes', () => {
  expect(findings(rollbackWebhookNotifies, validManifests)).toEqual([]);
  expect(
    findings(
      rollbackWebhookNotifies,
      validManifestsWith('http://agent.bowline/rollback', 'http://flagger-loadtester.test/rollback/check'),
    ),
  ).toEqual([]);
});
