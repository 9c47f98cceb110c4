import { analysisPath, canaries, listAt } from '../manifests/canaries';
import type { Rule } from '../rule';

/** Hosts that answer 200 to whatever is posted. */
const notifiers =
  /(?:^|\.)(?:hooks\.slack\.com|discord(?:app)?\.com|webhook\.office\.com|outlook\.office\.com|chat\.googleapis\.com|api\.telegram\.org|events\.pagerduty\.com|api\.opsgenie\.com|open\.feishu\.cn|oapi\.dingtalk\.com|qyapi\.weixin\.qq\.com|webhook\.site)$/;
const spoken = /slack|discord|msteams|teams|pagerduty|opsgenie|telegram|notif/i;

export const rollbackWebhookNotifies: Rule = {
  id: 'PD011',
  title: 'A rollback webhook is asked, not told',
  why: 'Flagger calls webhooks of type rollback at every check, and an answer of 200 to 202 rolls back (pkg/controller/webhook.go). A receiver of messages answers 200 to everything: every release is taken back at its first check.',
  level: 'error',
  check: (objects) =>
    canaries(objects).flatMap((canary) => {
      const base = [...analysisPath(canary), 'webhooks'];
      return listAt(canary, base).flatMap((_, index) => {
        const path = [...base, index];
        if (canary.get(...path, 'type') !== 'rollback') {
          return [];
        }
        const url = String(canary.get(...path, 'url') ?? '');
        const host = hostOf(url);
        const sure = notifiers.test(host);
        return sure || spoken.test(url)
          ? [
              {
                object: canary,
                path: [...path, 'url'],
                level: sure ? ('error' as const) : ('warning' as const),
                message: `${host || url} ${sure ? 'takes' : 'looks as if it took'} messages and answers 200, which rolls back: use type event or post-rollout, or an AlertProvider`,
              },
            ]
          : [];
      });
    }),
};

function hostOf(url: string): string {
  return /^https?:\/\/([^/:]+)/.exec(url)?.[1] ?? '';
}
