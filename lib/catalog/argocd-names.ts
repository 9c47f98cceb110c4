/* Names of the Applications and projects of Argo CD. They include the environment, because one Argo CD may serve several. */

/** Name of a service's Application. */
export function applicationName(environment: string, service: string): string {
  return `${environment}-${service}`;
}

/** Name of an add-on's Application. @param addOn the name of its Helm release */
export function addOnApplicationName(environment: string, addOn: string): string {
  return `${environment}-${addOn}`;
}

/** The folders and clusters that an Application of the platform is for. */
export const platformParts = ['platform', 'cluster', 'apps'] as const;

/** Name of an Application of the platform. */
export function platformApplicationName(part: (typeof platformParts)[number], environment: string): string {
  return `bowline-${part}-${environment}`;
}

/** Name of a team's project. */
export function projectName(environment: string, team: string): string {
  return `${environment}-${team}`;
}

/** Name of the project for the manifests of the platform. */
export function platformProjectName(environment: string): string {
  return `bowline-${environment}`;
}
