import { analysisPath, targetName } from './canaries';
import { parseSeconds } from './duration';
import { findByKind, haveSameNamespace, listAt, mapAt } from './find-objects';
import type { LocatedObject, Path } from './objects';

/** Prometheus Operator's evaluation interval where neither the group nor the Prometheus sets one. */
export const defaultEvaluationSeconds = 30;

/** A rule whose alert rolls a release back, such as one with the label `action: rollback`. */
export interface RollbackAlert {
  readonly object: LocatedObject;
  readonly path: Path;
  readonly groupPath: Path;
  /** The interval of its group; undefined where the group sets none. */
  readonly evaluationSeconds: number | undefined;
}

export function findRollbackAlerts(objects: readonly LocatedObject[]): readonly RollbackAlert[] {
  const alerts: RollbackAlert[] = [];
  for (const object of findByKind(objects, 'PrometheusRule', 'monitoring.coreos.com')) {
    for (const group of listAt(object, ['spec', 'groups']).keys()) {
      const groupPath = ['spec', 'groups', group];
      for (const rule of listAt(object, [...groupPath, 'rules']).keys()) {
        const path = [...groupPath, 'rules', rule];
        if (hasRollbackLabel(mapAt(object, [...path, 'labels']))) {
          const evaluationSeconds = parseSeconds(object.get(...groupPath, 'interval'));
          alerts.push({ object, path, groupPath, evaluationSeconds });
        }
      }
    }
  }
  return alerts;
}

export function hasRollbackLabel(labels: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(labels).some(([name, value]) => /rollback/i.test(name) || /^rollback$/i.test(String(value)));
}

/** The window and the evaluation interval of the alert behind a Canary's rollback hook, if the objects include both. */
export function findAlertBehindHook(
  canary: LocatedObject,
  objects: readonly LocatedObject[],
): { readonly windowSeconds: number; readonly evaluationSeconds: number } | undefined {
  const webhooks = [...analysisPath(canary), 'webhooks'];
  const hasRollbackHook = listAt(canary, webhooks).some(
    (_, index) => canary.get(...webhooks, index, 'type') === 'rollback',
  );
  const expressionOf = ({ object, path }: RollbackAlert) => String(object.get(...path, 'expr'));
  const alert = findRollbackAlerts(objects).find(
    (candidate) =>
      haveSameNamespace(candidate.object, canary) && expressionOf(candidate).includes(`"${targetName(canary)}-canary"`),
  );
  if (!hasRollbackHook || alert === undefined) {
    return undefined;
  }
  const windows = [...expressionOf(alert).matchAll(/\[(\w+)\]/g)].flatMap(([, window]) => parseSeconds(window) ?? []);
  return windows.length === 0
    ? undefined
    : {
        windowSeconds: Math.max(...windows),
        evaluationSeconds: alert.evaluationSeconds ?? defaultEvaluationSeconds,
      };
}
