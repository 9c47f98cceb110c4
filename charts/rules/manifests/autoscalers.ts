import { findByKind } from './find-objects';
import type { LocatedObject } from './objects';

/** The HorizontalPodAutoscalers and the ScaledObjects of KEDA. */
export function findAutoscalers(objects: readonly LocatedObject[]): readonly LocatedObject[] {
  return [
    ...findByKind(objects, 'HorizontalPodAutoscaler', 'autoscaling'),
    ...findByKind(objects, 'ScaledObject', 'keda.sh'),
  ];
}

/** The workload that an autoscaler scales. KEDA assumes a Deployment. */
export function scaledWorkload(autoscaler: LocatedObject): { readonly kind: string; readonly name: string } {
  return {
    kind: String(autoscaler.get('spec', 'scaleTargetRef', 'kind') ?? 'Deployment'),
    name: String(autoscaler.get('spec', 'scaleTargetRef', 'name') ?? ''),
  };
}
