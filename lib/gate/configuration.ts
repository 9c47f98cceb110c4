/** What a finding in a file is filed under, so that a risk can be accepted in every environment by one line. */
export interface ConfigurationPlace {
  /** `Dockerfile`, `deployment.yaml`, `apps/hello.yaml`, `platform/namespaces.yaml`. */
  readonly package: string;
  /** The environment, where the file belongs to one. */
  readonly environment?: string;
}

/** Where a file that was checked belongs: by its path in the ledger, or its name. */
export function placeOf(path: string): ConfigurationPlace {
  const [folder, environment, ...rest] = path.split('/');
  const name = rest.at(-1);
  if (name === undefined || environment === undefined || !['manifests', 'apps', 'platform'].includes(folder ?? '')) {
    return { package: path };
  }
  return { package: folder === 'manifests' ? name : `${folder}/${name}`, environment };
}

/** What Bowline writes as it does on purpose: the reason is given wherever a finding of it would be. */
export interface ByDesign {
  readonly checks: readonly string[];
  readonly package: string;
  readonly reason: string;
}

export const byDesign: readonly ByDesign[] = [
  {
    checks: ['CKV_DOCKER_2', 'DS-0026'],
    package: 'Dockerfile',
    reason: 'Kubernetes ignores HEALTHCHECK and asks by probes, and a scratch image has no shell to run one',
  },
  {
    checks: ['CKV_K8S_11', 'KSV-0011'],
    package: 'deployment.yaml',
    reason:
      'a limit of CPU throttles a service in the middle of a request, which its p99 pays for; what it requests is its share, and memory is limited',
  },
];
