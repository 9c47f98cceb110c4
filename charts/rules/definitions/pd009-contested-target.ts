import { findAutoscalers, scaledWorkload } from '../manifests/autoscalers';
import { findCanaries, findTarget, targetName } from '../manifests/canaries';
import { countSharedFolders, haveSameNamespace, mapAt } from '../manifests/find-objects';
import type { LocatedObject } from '../manifests/objects';
import {
  apexName,
  findOwned,
  type OwnedObject,
  ownedPrimary,
  ownedRoutes,
  ownedServices,
  possibleRoutes,
} from '../manifests/owned-objects';
import type { Finding, Level, Rule } from '../rule';

/** The labels that Flagger looks for in a target's selector (-selector-labels; pkg/canary/deployment_controller.go). */
const selectorLabels = ['app', 'name', 'app.kubernetes.io/name'];

export const contestedTarget: Rule = {
  id: 'PD009',
  title: 'Only Flagger manages the objects that it owns',
  why: 'Flagger scales the target to 0, creates the Services, and finds pods by one stable label. Argo CD keeps restoring replicas from git; a Service, a primary or a route with the same name conflicts with the one of Flagger; an autoscaler that the Canary does not name leaves the primary unscaled; Flagger rejects a selector without such a label.',
  level: 'error',
  check: (objects) =>
    findCanaries(objects).flatMap((canary) => {
      const target = findTarget(canary, objects);
      return [
        ...checkOwnedObjects(canary, target, objects),
        ...checkAutoscalers(canary, target, objects),
        ...(target?.kind === 'Deployment' ? [...checkReplicas(target), ...checkSelector(target)] : []),
      ];
    }),
};

/** Objects in git that Flagger creates itself. */
function checkOwnedObjects(
  canary: LocatedObject,
  target: LocatedObject | undefined,
  objects: readonly LocatedObject[],
): readonly Finding[] {
  const apex = apexName(canary);
  const reportIn = (owned: readonly OwnedObject[], messageOf: (object: OwnedObject) => string, level?: Level) =>
    owned.flatMap((each): readonly Finding[] => {
      const object = findOwned(each, canary, target, objects);
      return object === undefined ? [] : [{ object, path: ['metadata', 'name'], level, message: messageOf(each) }];
    });
  return [
    ...reportIn(
      ownedServices(canary),
      ({ name }) =>
        `Flagger creates the Services ${apex}, ${apex}-primary and ${apex}-canary itself: remove ${name}, and set its ports in spec.service of the Canary`,
    ),
    ...reportIn(
      ownedPrimary(canary),
      ({ kind, name }) => `Flagger creates the ${kind} ${name} itself, as a copy of the target: remove it`,
    ),
    ...reportIn(
      ownedRoutes(canary),
      ({ kind, name }) =>
        `Flagger creates the ${kind} ${name} itself and shifts traffic by its weights, and Argo CD or Flux restores those of git in the middle of a rollout: remove it, and describe the route in spec.service of the Canary`,
    ),
    ...reportIn(
      possibleRoutes(canary),
      ({ kind, name }) =>
        `the Canary ${canary.name} names no provider. If Flagger runs with the one of this ${kind}, it creates ${name} itself and shifts traffic by its weights: name the provider, and remove the ${kind} if it is that one`,
      'warning',
    ),
  ];
}

/** Autoscalers of the target that the Canary does not name, and autoscalers of the primary beside the one that Flagger creates. */
function checkAutoscalers(
  canary: LocatedObject,
  target: LocatedObject | undefined,
  objects: readonly LocatedObject[],
): readonly Finding[] {
  const kind = String(canary.get('spec', 'targetRef', 'kind') ?? 'Deployment');
  const named = canary.get('spec', 'autoscalerRef', 'name');
  const name = targetName(canary);
  const near = findAutoscalers(objects).filter(
    (autoscaler) =>
      haveSameNamespace(autoscaler, canary) &&
      (target === undefined || countSharedFolders(canary, autoscaler) >= countSharedFolders(canary, target)),
  );
  return near.flatMap((autoscaler): readonly Finding[] => {
    const scaled = scaledWorkload(autoscaler);
    const path = ['spec', 'scaleTargetRef', 'name'];
    if (scaled.kind !== kind || autoscaler.name === named) {
      return [];
    }
    if (scaled.name === name) {
      const message =
        named === undefined
          ? `the ${autoscaler.kind} ${autoscaler.name} scales the target ${name}, which Flagger scales to 0, and the primary that serves users has no autoscaler: name it in spec.autoscalerRef of the Canary`
          : `the ${autoscaler.kind} ${autoscaler.name} scales the target ${name}, and the Canary names ${String(named)}: remove one of them, or name this one in spec.autoscalerRef`;
      return [{ object: autoscaler, path, message }];
    }
    return scaled.name === `${name}-primary` && named !== undefined
      ? [
          {
            object: autoscaler,
            path,
            message: `Flagger creates the autoscaler ${String(named)}-primary of ${scaled.name} itself, and two autoscalers scale against each other: remove ${autoscaler.name}`,
          },
        ]
      : [];
  });
}

function checkReplicas(target: LocatedObject): readonly Finding[] {
  const replicas = target.get('spec', 'replicas');
  return replicas === undefined
    ? []
    : [
        {
          object: target,
          path: ['spec', 'replicas'],
          message: `Argo CD restores replicas: ${String(replicas)} from git, and Flagger scales the target to 0: remove the field, and let an autoscaler (autoscalerRef) set the number`,
        },
      ];
}

function checkSelector(target: LocatedObject): readonly Finding[] {
  const path = ['spec', 'selector', 'matchLabels'];
  const selector = mapAt(target, path);
  const [label] = selectorLabels.filter((known) => known in selector);
  const otherLabels = Object.keys(selector).filter((known) => !selectorLabels.includes(known));
  if (label === undefined) {
    return [
      {
        object: target,
        path,
        message: `the selector has ${otherLabels.join(', ') || 'no label'}, and Flagger rejects a target without one of ${selectorLabels.join(', ')}: add one of these labels`,
      },
    ];
  }
  const findings: Finding[] = [];
  const [otherLabel] = otherLabels;
  if (otherLabel !== undefined) {
    findings.push({
      object: target,
      path: [...path, otherLabel],
      level: 'warning',
      message: `Flagger changes only ${label} for the primary, and ${otherLabels.join(', ')} stays the same: a Service or a disruption budget that selects by it includes the pods of both`,
    });
  }
  const value = String(selector[label] ?? '');
  if (looksComputed(value)) {
    findings.push({
      object: target,
      path: [...path, label],
      level: 'warning',
      message: `the value ${value} of the selector looks computed: when it changes, the Deployment must be deleted and created again, and Flagger loses its target`,
    });
  }
  return findings;
}

/** Whether a value ends in a hash, as cdk8s and Kustomize append it. Digits alone are a date or part of a name. */
function looksComputed(value: string): boolean {
  const [end = ''] = /[0-9a-f]{8,}$/.exec(value) ?? [];
  return /\d/.test(end) && /[a-f]/.test(end);
}
