import { parse } from 'yaml';
import { findByKind, mapAt, parseSeconds } from '../manifests/canaries';
import type { LocatedObject, Path } from '../manifests/objects';
import { defaultEvaluationSeconds, marksRollback, rollbackAlerts } from '../manifests/rollback-alerts';
import type { Finding, Rule } from '../rule';

export const slowRollbackAlert: Rule = {
  id: 'PD017',
  title: 'An alert that takes a release back does not wait',
  why: 'Scrape, evaluation, "for" and group_wait add up before a rollback hook can say yes. A route without group_wait waits 30 s, and "for" waits as long as it says: both come out of the rollback budget.',
  level: 'error',
  check: (objects) => [...rules(objects), ...routes(objects)],
};

/** Checks are no less apart (PD002): a rule that is asked less often than they are is no sooner than they. */
const mostSecondsBetween = 10;

function rules(objects: readonly LocatedObject[]): readonly Finding[] {
  const alerts = rollbackAlerts(objects);
  const waiting = alerts.flatMap(({ object, path }) => {
    const waits = parseSeconds(object.get(...path, 'for')) ?? 0;
    return waits === 0
      ? []
      : [
          {
            object,
            path: [...path, 'for'],
            message: `${String(object.get(...path, 'alert'))} takes a release back and waits ${waits} s first: leave "for" out, and ask for enough requests in the expression instead`,
          },
        ];
  });
  const seldom = alerts.flatMap(({ object, path, group, evaluationSeconds }) =>
    (evaluationSeconds ?? defaultEvaluationSeconds) <= mostSecondsBetween
      ? []
      : [
          {
            object,
            path: [...group, 'interval'],
            level: 'warning' as const,
            message: `${String(object.get(...path, 'alert'))} takes a release back and is evaluated every ${evaluationSeconds ?? defaultEvaluationSeconds} s${evaluationSeconds === undefined ? ' where its group says nothing' : ''}, less often than a canary is checked: interval: 5s`,
          },
        ],
  );
  return [...waiting, ...seldom];
}

/** Alertmanager's own, where a route says nothing. */
const defaultGroupWaitSeconds = 30;

interface Route {
  readonly receiver?: string;
  readonly group_wait?: string;
  readonly groupWait?: string;
  readonly matchers?: readonly unknown[];
  readonly match?: Readonly<Record<string, unknown>>;
  readonly routes?: readonly Route[];
}

function routes(objects: readonly LocatedObject[]): readonly Finding[] {
  return [
    ...findByKind(objects, 'AlertmanagerConfiguration').flatMap((object) =>
      inRoute(object, object.get('route'), ['route']),
    ),
    ...findByKind(objects, 'AlertmanagerConfig', 'monitoring.coreos.com').flatMap((object) =>
      inRoute(object, object.get('spec', 'route'), ['spec', 'route']),
    ),
    ...['Secret', 'ConfigMap'].flatMap((kind) => findByKind(objects, kind)).flatMap(embedded),
    ...findByKind(objects, 'Application', 'argoproj.io').flatMap((object) => {
      const path = ['spec', 'source', 'helm', 'valuesObject', 'alertmanager', 'config', 'route'];
      return inRoute(object, object.get(...path), path);
    }),
  ];
}

/** Alertmanager's file inside of a Secret or a ConfigMap. */
function embedded(object: LocatedObject): readonly Finding[] {
  return ['stringData', 'data'].flatMap((field) =>
    Object.entries(mapAt(object, [field]))
      .filter(([name, text]) => /^alertmanager\.ya?ml$/.test(name) && typeof text === 'string')
      .flatMap(([name, text]) => {
        let route: unknown;
        try {
          route = mapOf(parse(String(text))).route;
        } catch {
          return [];
        }
        return inRoute(object, route, ['route']).map((finding) => ({ ...finding, path: [field, name] }));
      }),
  );
}

function inRoute(object: LocatedObject, value: unknown, path: Path, inherited?: string): readonly Finding[] {
  const route = mapOf(value) as Route;
  const written = route.group_wait ?? route.groupWait ?? inherited;
  const waits = written === undefined ? defaultGroupWaitSeconds : (parseSeconds(written) ?? 0);
  const field = path[0] === 'spec' && route.group_wait === undefined ? 'groupWait' : 'group_wait';
  return [
    ...(isRollbackRoute(route) && waits > 0
      ? [
          {
            object,
            path: [...path, field],
            message: `the route to ${String(route.receiver ?? 'its receiver')} takes releases back and waits ${waits} s first${written === undefined ? ', since it says nothing' : ''}: ${field}: 0s`,
          },
        ]
      : []),
    ...(Array.isArray(route.routes)
      ? route.routes.flatMap((inner, index) => inRoute(object, inner, [...path, 'routes', index], written))
      : []),
  ];
}

function isRollbackRoute(route: Route): boolean {
  const matched = Array.isArray(route.matchers)
    ? route.matchers.some((matcher) =>
        /rollback/i.test(typeof matcher === 'string' ? matcher : JSON.stringify(matcher ?? '')),
      )
    : false;
  return matched || marksRollback(mapOf(route.match)) || /rollback/i.test(route.receiver ?? '');
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}
