import type { ServiceInEnvironment } from '../../lib/catalog';

/** The one label that selects pods: Flagger copies it to `<name>-primary`, and takes exactly one of a few names (pkg/canary/deployment_controller.go). */
export function selectorLabels(service: Pick<ServiceInEnvironment, 'name'>): Readonly<Record<string, string>> {
  return { app: service.name };
}

/** The Deployment that Flagger makes of the target, and that serves all traffic between rollouts. */
export function primaryName(service: Pick<ServiceInEnvironment, 'name'>): string {
  return `${service.name}-primary`;
}

/** Selects the pods of the primary. */
export function primaryLabels(service: Pick<ServiceInEnvironment, 'name'>): Readonly<Record<string, string>> {
  return { app: primaryName(service) };
}

/** Labels of every object of a service. None of them changes from release to release. */
export function serviceLabels(service: Pick<ServiceInEnvironment, 'name' | 'team'>): Readonly<Record<string, string>> {
  return {
    app: service.name,
    'app.kubernetes.io/name': service.name,
    'app.kubernetes.io/part-of': service.team,
    'app.kubernetes.io/managed-by': 'bowline',
  };
}
