import { findCanaries, findTarget, targetName } from '../manifests/canaries';
import {
  countSharedFolders,
  findByKind,
  haveSameNamespace,
  listAt,
  mapAt,
  sortByDistance,
} from '../manifests/find-objects';
import type { LocatedObject } from '../manifests/objects';
import type { Finding, Rule } from '../rule';

/** The labels that Flagger looks for in a target's selector (-selector-labels; pkg/canary/deployment_controller.go). */
const selectorLabels = ['app', 'name', 'app.kubernetes.io/name'];

export const contestedTarget: Rule = {
  id: 'PD009',
  title: 'Only Flagger manages the objects that it owns',
  why: 'Flagger scales the target to 0, creates the Services, and finds pods by one stable label. Argo CD keeps restoring replicas from git; a second Service with the same name conflicts with the one of Flagger; Flagger rejects a selector without such a label.',
  level: 'error',
  check: (objects) =>
    findCanaries(objects).flatMap((canary) => {
      const target = findTarget(canary, objects);
      return [
        ...checkServices(canary, target, objects),
        ...(target?.kind === 'Deployment' ? [...checkReplicas(target), ...checkSelector(target)] : []),
      ];
    }),
};

function checkServices(
  canary: LocatedObject,
  target: LocatedObject | undefined,
  objects: readonly LocatedObject[],
): readonly Finding[] {
  if (canary.get('spec', 'targetRef', 'kind') === 'Service') {
    return [];
  }
  const apex = String(canary.get('spec', 'service', 'name') ?? targetName(canary));
  return [apex, `${apex}-primary`, `${apex}-canary`].flatMap((name) => {
    const services = findByKind(objects, 'Service').filter(
      (service) =>
        service.apiVersion === 'v1' &&
        service.name === name &&
        !isOwnedByCanary(service) &&
        haveSameNamespace(service, canary) &&
        // A Service that is farther away than the target belongs to another object of that name.
        (target === undefined || countSharedFolders(canary, service) >= countSharedFolders(canary, target)),
    );
    return sortByDistance(canary, services)
      .slice(0, 1)
      .map((service) => ({
        object: service,
        path: ['metadata', 'name'],
        message: `Flagger creates the Services ${apex}, ${apex}-primary and ${apex}-canary itself: remove ${name}, and set its ports in spec.service of the Canary`,
      }));
  });
}

/** An object that was exported from a cluster names its owner. */
function isOwnedByCanary(service: LocatedObject): boolean {
  const owners = listAt(service, ['metadata', 'ownerReferences']);
  return owners.some((_, index) => service.get('metadata', 'ownerReferences', index, 'kind') === 'Canary');
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
