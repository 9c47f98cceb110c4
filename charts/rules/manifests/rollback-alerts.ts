import { analysisPath, findByKind, haveSameNamespace, listAt, mapAt, parseSeconds, targetName } from './canaries';
import type { LocatedObject, Path } from './objects';

/** Prometheus Operator's evaluation interval, where neither group nor Prometheus says one. */
export const defaultEvaluationSeconds = 30;

/** A rule whose alert takes a release back, such as one labelled `action: rollback`. */
export interface RollbackAlert {
  readonly object: LocatedObject;
  readonly path: Path;
  readonly group: Path;
  /** As its group says. */
  readonly evaluationSeconds?: number;
}

export function marksRollback(labels: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(labels).some(([name, value]) => /rollback/i.test(name) || /^rollback$/i.test(String(value)));
}

export function rollbackAlerts(objects: readonly LocatedObject[]): readonly RollbackAlert[] {
  return findByKind(objects, 'PrometheusRule', 'monitoring.coreos.com').flatMap((object) =>
    listAt(object, ['spec', 'groups']).flatMap((_, index) => {
      const group = ['spec', 'groups', index];
      const evaluationSeconds = parseSeconds(object.get(...group, 'interval'));
      return listAt(object, [...group, 'rules'])
        .map((_, rule): Path => [...group, 'rules', rule])
        .filter((path) => marksRollback(mapAt(object, [...path, 'labels'])))
        .map((path) => ({
          object,
          path,
          group,
          ...(evaluationSeconds === undefined ? {} : { evaluationSeconds }),
        }));
    }),
  );
}

/** The alert that a Canary's rollback hook waits for, if the files hold both: how far it looks back, and how often it is asked. */
export function alertBehindHook(
  canary: LocatedObject,
  objects: readonly LocatedObject[],
): { readonly windowSeconds: number; readonly evaluationSeconds: number } | undefined {
  const hooks = listAt(canary, [...analysisPath(canary), 'webhooks']).filter(
    (_, index) => canary.get(...analysisPath(canary), 'webhooks', index, 'type') === 'rollback',
  );
  const own = rollbackAlerts(objects).find(
    ({ object, path }) =>
      haveSameNamespace(object, canary) &&
      String(object.get(...path, 'expr')).includes(`"${targetName(canary)}-canary"`),
  );
  if (hooks.length === 0 || own === undefined) {
    return undefined;
  }
  const windows = [...String(own.object.get(...own.path, 'expr')).matchAll(/\[(\w+)\]/g)].flatMap(
    ([, window]) => parseSeconds(window) ?? [],
  );
  return windows.length === 0
    ? undefined
    : {
        windowSeconds: Math.max(...windows),
        evaluationSeconds: own.evaluationSeconds ?? defaultEvaluationSeconds,
      };
}
