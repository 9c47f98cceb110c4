import {
  canaries,
  countSharedFolders,
  findByKind,
  findTarget,
  haveSameNamespace,
  listAt,
  mapAt,
  sortByDistance,
  targetName,
} from '../manifests/canaries';
import type { LocatedObject } from '../manifests/objects';
import type { Rule } from '../rule';

/** The labels that Flagger looks for in a target's selector (-selector-labels; pkg/canary/deployment_controller.go). */
const selectorLabels = ['app', 'name', 'app.kubernetes.io/name'];

export const contestedTarget: Rule = {
  id: 'PD009',
  title: 'What Flagger owns is left to Flagger',
  why: 'Flagger scales the target to none, makes the Services, and finds pods by one stable label. Replicas in git are brought back by Argo CD over and over; a Service of the same name is fought for; a selector without such a label is refused.',
  level: 'error',
  check: (objects) =>
    canaries(objects).flatMap((canary) => {
      const target = findTarget(canary, objects);
      const apex = String(canary.get('spec', 'service', 'name') ?? targetName(canary));
      const taken =
        canary.get('spec', 'targetRef', 'kind') === 'Service'
          ? []
          : [apex, `${apex}-primary`, `${apex}-canary`].flatMap((name) =>
              sortByDistance(
                canary,
                findByKind(objects, 'Service').filter(
                  (service) =>
                    service.apiVersion === 'v1' &&
                    service.name === name &&
                    !madeByFlagger(service) &&
                    haveSameNamespace(service, canary) &&
                    // One that is farther away than the target belongs to something else of that name.
                    (target === undefined || countSharedFolders(canary, service) >= countSharedFolders(canary, target)),
                ),
              )
                .slice(0, 1)
                .map((service) => ({
                  object: service,
                  path: ['metadata', 'name'],
                  message: `the Service ${name} is Flagger's own: it makes ${apex}, ${apex}-primary and ${apex}-canary. Leave it out, and say ports in spec.service of the Canary`,
                })),
            );
      if (target === undefined || target.kind !== 'Deployment') {
        return taken;
      }
      const selector = mapAt(target, ['spec', 'selector', 'matchLabels']);
      const known = selectorLabels.filter((label) => label in selector);
      const others = Object.keys(selector).filter((label) => !selectorLabels.includes(label));
      const value = String(selector[known[0] ?? ''] ?? '');
      return [
        ...taken,
        ...(target.get('spec', 'replicas') === undefined
          ? []
          : [
              {
                object: target,
                path: ['spec', 'replicas'],
                message: `replicas: ${String(target.get('spec', 'replicas'))} is taken back and forth between git and Flagger, which scales the target to 0: leave it out, and let an autoscaler (autoscalerRef) say how many`,
              },
            ]),
        ...(known.length === 0
          ? [
              {
                object: target,
                path: ['spec', 'selector', 'matchLabels'],
                message: `the selector has ${others.join(', ') || 'no label'}, and Flagger takes one of ${selectorLabels.join(', ')} alone: it refuses this target`,
              },
            ]
          : []),
        ...(known.length > 0 && others.length > 0
          ? [
              {
                object: target,
                path: ['spec', 'selector', 'matchLabels', others[0] ?? ''],
                level: 'warning' as const,
                message: `Flagger changes ${known[0]} alone for the primary; ${others.join(', ')} stay the same for both, so that a Service or a budget that selects by them takes in both`,
              },
            ]
          : []),
        ...(looksComputed(value)
          ? [
              {
                object: target,
                path: ['spec', 'selector', 'matchLabels', known[0] ?? ''],
                level: 'warning' as const,
                message: `the selector's value ${value} looks computed: when it changes, the Deployment has to be deleted and made anew, and Flagger loses its target`,
              },
            ]
          : []),
      ];
    }),
};

/** What somebody has read out of a cluster says whose it is. */
function madeByFlagger(service: LocatedObject): boolean {
  const owners = listAt(service, ['metadata', 'ownerReferences']);
  return owners.some((_, index) => service.get('metadata', 'ownerReferences', index, 'kind') === 'Canary');
}

/** A hash at the end, as cdk8s and Kustomize put one there. A number alone is a date, or somebody's name for a thing. */
function looksComputed(value: string): boolean {
  const [end = ''] = /[0-9a-f]{8,}$/.exec(value) ?? [];
  return /\d/.test(end) && /[a-f]/.test(end);
}
