import { readProvider, targetName } from './canaries';
import { countSharedFolders, findByKind, haveSameNamespace, listAt, sortByDistance } from './find-objects';
import type { LocatedObject } from './objects';

/** An object that Flagger creates for a Canary, and then writes at every step. */
export interface OwnedObject {
  readonly kind: string;
  /** The API group; empty for the core group. */
  readonly group: string;
  readonly name: string;
}

/** The names of a Canary's Services (pkg/apis/flagger/v1beta1/canary.go, GetServiceNames). */
export function apexName(canary: LocatedObject): string {
  return String(canary.get('spec', 'service', 'name') || targetName(canary));
}

/** The Services and the primary workload. A Canary of a Service has neither. */
export function ownedServices(canary: LocatedObject): readonly OwnedObject[] {
  const apex = apexName(canary);
  return canary.get('spec', 'targetRef', 'kind') === 'Service'
    ? []
    : [apex, `${apex}-primary`, `${apex}-canary`].map((name) => ({ kind: 'Service', group: '', name }));
}

export function ownedPrimary(canary: LocatedObject): readonly OwnedObject[] {
  const kind = String(canary.get('spec', 'targetRef', 'kind') ?? 'Deployment');
  return ['Deployment', 'DaemonSet'].includes(kind)
    ? [{ kind, group: 'apps', name: `${targetName(canary)}-primary` }]
    : [];
}

/** The route whose weights Flagger writes, by provider (pkg/router). Empty for providers without one. */
export function ownedRoutes(canary: LocatedObject): readonly OwnedObject[] {
  const apex = apexName(canary);
  const ingress = canary.get('spec', 'ingressRef', 'name');
  const canaryIngress =
    typeof ingress === 'string' ? [{ kind: 'Ingress', group: 'networking.k8s.io', name: `${ingress}-canary` }] : [];
  const trafficSplit = [{ kind: 'TrafficSplit', group: 'split.smi-spec.io', name: apex }];
  const routeRef = canary.get('spec', 'routeRef', 'name');
  switch (readProvider(canary)) {
    case 'gatewayapi':
      return [{ kind: 'HTTPRoute', group: 'gateway.networking.k8s.io', name: apex }];
    case 'istio':
      return [
        { kind: 'VirtualService', group: 'networking.istio.io', name: apex },
        { kind: 'DestinationRule', group: 'networking.istio.io', name: `${apex}-primary` },
        { kind: 'DestinationRule', group: 'networking.istio.io', name: `${apex}-canary` },
      ];
    case 'linkerd':
    case 'osm':
    case 'smi':
      return trafficSplit;
    case 'contour':
      return [{ kind: 'HTTPProxy', group: 'projectcontour.io', name: apex }];
    case 'traefik':
      return ['traefik.io', 'traefik.containo.us'].map((group) => ({ kind: 'TraefikService', group, name: apex }));
    case '':
    case 'nginx':
    case 'skipper':
      return canaryIngress;
    case 'gloo':
      return [{ kind: 'RouteTable', group: 'gateway.solo.io', name: apex }];
    case 'kuma':
      return [{ kind: 'TrafficRoute', group: 'kuma.io', name: apex }];
    case 'appmesh':
      return [apex, `${apex}-canary`].map((name) => ({ kind: 'VirtualService', group: 'appmesh.k8s.aws', name }));
    case 'apisix':
      return typeof routeRef === 'string'
        ? [{ kind: 'ApisixRoute', group: 'apisix.apache.org', name: `${routeRef}-${apex}-canary` }]
        : [];
    default:
      return [];
  }
}

/**
 * The routes that a Canary without a provider may have: a flag of Flagger decides which one (-mesh-provider). Only the names that no other object is
 * likely to have are here.
 */
export function possibleRoutes(canary: LocatedObject): readonly OwnedObject[] {
  const apex = apexName(canary);
  return canary.get('spec', 'provider') !== undefined
    ? []
    : [
        { kind: 'HTTPRoute', group: 'gateway.networking.k8s.io', name: apex },
        { kind: 'VirtualService', group: 'networking.istio.io', name: apex },
        { kind: 'TrafficSplit', group: 'split.smi-spec.io', name: apex },
        { kind: 'HTTPProxy', group: 'projectcontour.io', name: apex },
        { kind: 'TraefikService', group: 'traefik.io', name: apex },
      ];
}

/**
 * Finds an object that git must not have, if it is among the objects. An object that is farther away than the target belongs to another workload of
 * that name, and one that was exported from a cluster names the Canary as its owner.
 */
export function findOwned(
  owned: OwnedObject,
  canary: LocatedObject,
  target: LocatedObject | undefined,
  objects: readonly LocatedObject[],
): LocatedObject | undefined {
  const candidates = findByKind(objects, owned.kind).filter(
    (object) =>
      (object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : '') === owned.group &&
      object.name === owned.name &&
      !isOwnedByCanary(object) &&
      haveSameNamespace(object, canary) &&
      (target === undefined || countSharedFolders(canary, object) >= countSharedFolders(canary, target)),
  );
  return sortByDistance(canary, candidates)[0];
}

function isOwnedByCanary(object: LocatedObject): boolean {
  const owners = listAt(object, ['metadata', 'ownerReferences']);
  return owners.some((_, index) => object.get('metadata', 'ownerReferences', index, 'kind') === 'Canary');
}
