import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import type { EnvironmentFile } from '../../lib/ledger';
import { AppProject } from '../argocd/app-project';

/** A project per team: what it may bring, and where to. */
export function projects(
  scope: Construct,
  environment: EnvironmentFile,
  services: readonly ServiceInEnvironment[],
): void {
  for (const team of [...new Set(services.map((service) => service.team))].sort()) {
    const own = [
      ...new Set(services.filter((service) => service.team === team).map((service) => service.namespace)),
    ].sort();
    new AppProject(scope, `Project-${team}`, {
      name: projectName(environment.name, team),
      namespace: environment.argocdNamespace,
      description: `Services of ${team} in ${environment.name}`,
      repository: environment.ledger.repository,
      destinations: own.map((namespace) => ({ server: environment.cluster, namespace })),
    });
  }
}

/** One Argo CD may serve several environments: project and Application carry the environment's name. */
export function projectName(environment: string, team: string): string {
  return `${environment}-${team}`;
}

export function applicationName(environment: string, service: string): string {
  return `${environment}-${service}`;
}
