import { analysisPath, findCanaries } from '../manifests/canaries';
import { listAt } from '../manifests/find-objects';
import type { Rule } from '../rule';

/** Hosts that respond with 200 to every post. */
const notificationHosts =
  /(?:^|\.)(?:hooks\.slack\.com|discord(?:app)?\.com|webhook\.office\.com|outlook\.office\.com|chat\.googleapis\.com|api\.telegram\.org|events\.pagerduty\.com|api\.opsgenie\.com|open\.feishu\.cn|oapi\.dingtalk\.com|qyapi\.weixin\.qq\.com|webhook\.site)$/;

/** URLs that look like a notification service. */
const notificationWords = /slack|discord|msteams|teams|pagerduty|opsgenie|telegram|notif/i;

export const rollbackWebhookNotifies: Rule = {
  id: 'PD011',
  title: 'A rollback webhook is a gate, not a notification',
  why: 'Flagger calls webhooks of type rollback at every check, and rolls back if the response is 200 to 202 (pkg/controller/webhook.go). A notification service answers 200 to everything, so every release is rolled back at its first check.',
  level: 'error',
  check: (objects) =>
    findCanaries(objects).flatMap((canary) => {
      const webhooks = [...analysisPath(canary), 'webhooks'];
      return listAt(canary, webhooks).flatMap((_, index) => {
        const path = [...webhooks, index];
        const url = String(canary.get(...path, 'url') ?? '');
        const host = hostOf(url);
        const isNotificationHost = notificationHosts.test(host);
        if (canary.get(...path, 'type') !== 'rollback' || !(isNotificationHost || notificationWords.test(url))) {
          return [];
        }
        return [
          {
            object: canary,
            path: [...path, 'url'],
            level: isNotificationHost ? ('error' as const) : ('warning' as const),
            message: `${host || url} ${isNotificationHost ? 'is' : 'looks like'} a notification service, and its response 200 rolls back every release: use the type event or post-rollout, or an AlertProvider`,
          },
        ];
      });
    }),
};

function hostOf(url: string): string {
  return /^https?:\/\/([^/:]+)/.exec(url)?.[1] ?? '';
}
