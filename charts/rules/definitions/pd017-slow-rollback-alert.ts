import { parse } from 'yaml';
import { shortestIntervalSeconds } from '../../../lib/rollout';
import { parseSeconds } from '../manifests/duration';
import { findByKind, mapAt } from '../manifests/find-objects';
import type { LocatedObject, Path } from '../manifests/objects';
import {
  defaultEvaluationSeconds,
  findRollbackAlerts,
  hasRollbackLabel,
  type RollbackAlert,
} from '../manifests/rollback-alerts';
import type { Finding, Rule } from '../rule';

export const slowRollbackAlert: Rule = {
  id: 'PD017',
  title: 'An alert that rolls back a release fires and is delivered without delay',
  why: 'Scrape, evaluation, "for" and group_wait add up before a rollback hook fires, and all of them count against the rollback budget. A route without group_wait waits 30 s.',
  level: 'error',
  check: (objects) => {
    const alerts = findRollbackAlerts(objects);
    return [...alerts.flatMap(checkFor), ...alerts.flatMap(checkEvaluation), ...checkRoutes(objects)];
  },
};

function checkFor({ object, path }: RollbackAlert): readonly Finding[] {
  const seconds = parseSeconds(object.get(...path, 'for')) ?? 0;
  return seconds === 0
    ? []
    : [
        {
          object,
          path: [...path, 'for'],
          message: `${String(object.get(...path, 'alert'))} rolls a release back only after ${seconds} s: remove "for", and require a number of requests in the expression instead`,
        },
      ];
}

/** An alert is faster than checks only if it is evaluated at least as often as they can run. */
function checkEvaluation({ object, path, groupPath, evaluationSeconds }: RollbackAlert): readonly Finding[] {
  const seconds = evaluationSeconds ?? defaultEvaluationSeconds;
  return seconds <= shortestIntervalSeconds
    ? []
    : [
        {
          object,
          path: [...groupPath, 'interval'],
          level: 'warning',
          message: `${String(object.get(...path, 'alert'))} rolls a release back but is evaluated every ${seconds} s${evaluationSeconds === undefined ? ' by default' : ''}, less often than checks run: set interval: 5s`,
        },
      ];
}

/** Alertmanager's default for routes that set no group_wait. */
const defaultGroupWaitSeconds = 30;

interface Route {
  readonly receiver?: string;
  readonly group_wait?: string;
  readonly groupWait?: string;
  readonly matchers?: readonly unknown[];
  readonly match?: Readonly<Record<string, unknown>>;
  readonly routes?: readonly Route[];
}

/** Alertmanager's configuration in its own file, an AlertmanagerConfig, a Secret or ConfigMap, and the Helm values of an Application. */
function checkRoutes(objects: readonly LocatedObject[]): readonly Finding[] {
  const checkRouteAt = (object: LocatedObject, path: Path) => checkRoute(object, object.get(...path), path);
  const helmValuesRoute = ['spec', 'source', 'helm', 'valuesObject', 'alertmanager', 'config', 'route'];
  return [
    ...findByKind(objects, 'AlertmanagerConfiguration').flatMap((object) => checkRouteAt(object, ['route'])),
    ...findByKind(objects, 'AlertmanagerConfig', 'monitoring.coreos.com').flatMap((object) =>
      checkRouteAt(object, ['spec', 'route']),
    ),
    ...['Secret', 'ConfigMap'].flatMap((kind) => findByKind(objects, kind)).flatMap(checkEmbeddedFiles),
    ...findByKind(objects, 'Application', 'argoproj.io').flatMap((object) => checkRouteAt(object, helmValuesRoute)),
  ];
}

/** Checks files of Alertmanager inside a Secret or a ConfigMap. */
function checkEmbeddedFiles(object: LocatedObject): readonly Finding[] {
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
        return checkRoute(object, route, ['route']).map((finding) => ({ ...finding, path: [field, name] }));
      }),
  );
}

/** Checks a route and the routes inside it, which inherit its group_wait. */
function checkRoute(
  object: LocatedObject,
  value: unknown,
  path: Path,
  inheritedGroupWait?: string,
): readonly Finding[] {
  const route = mapOf(value) as Route;
  const groupWait = route.group_wait ?? route.groupWait ?? inheritedGroupWait;
  const seconds = groupWait === undefined ? defaultGroupWaitSeconds : (parseSeconds(groupWait) ?? 0);
  const findings: Finding[] = [];
  if (isRollbackRoute(route) && seconds > 0) {
    const field = path[0] === 'spec' && route.group_wait === undefined ? 'groupWait' : 'group_wait';
    findings.push({
      object,
      path: [...path, field],
      message: `the route to ${String(route.receiver ?? 'its receiver')} rolls releases back and waits ${seconds} s${groupWait === undefined ? ' by default' : ''}: set ${field}: 0s`,
    });
  }
  const inner = Array.isArray(route.routes) ? route.routes : [];
  return [
    ...findings,
    ...inner.flatMap((each, index) => checkRoute(object, each, [...path, 'routes', index], groupWait)),
  ];
}

function isRollbackRoute(route: Route): boolean {
  const matchers = Array.isArray(route.matchers) ? route.matchers : [];
  const matchesRollback = matchers.some((matcher) =>
    /rollback/i.test(typeof matcher === 'string' ? matcher : JSON.stringify(matcher ?? '')),
  );
  return matchesRollback || hasRollbackLabel(mapOf(route.match)) || /rollback/i.test(route.receiver ?? '');
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}
