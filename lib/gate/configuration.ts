/** Identifies the file of a finding, so that one accepted risk applies to every environment. */
export interface ConfigurationPlace {
  /** `Dockerfile`, `deployment.yaml`, `apps/hello.yaml`, `platform/namespaces.yaml`. */
  readonly package: string;
  /** The environment, if the file belongs to one. */
  readonly environment?: string;
}

/** The place of a checked file, by its path in the ledger or its name. */
export function placeOf(path: string): ConfigurationPlace {
  const [folder, environment, ...rest] = path.split('/');
  const name = rest.at(-1);
  if (name === undefined || environment === undefined || !['manifests', 'apps', 'platform'].includes(folder ?? '')) {
    return { package: path };
  }
  return { package: folder === 'manifests' ? name : `${folder}/${name}`, environment };
}

/** Findings that Bowline's output has on purpose. They are accepted with this reason. */
export interface ByDesign {
  readonly checks: readonly string[];
  readonly package: string;
  readonly reason: string;
}

export const byDesign: readonly ByDesign[] = [
  {
    checks: ['CKV_DOCKER_2', 'DS-0026'],
    package: 'Dockerfile',
    reason: 'Kubernetes ignores HEALTHCHECK and uses probes, and a scratch image has no shell to run one',
  },
  {
    checks: ['CKV_K8S_11', 'KSV-0011'],
    package: 'deployment.yaml',
    reason:
      'a CPU limit throttles a service in the middle of a request and raises its p99; the CPU request guarantees its share, and memory is limited',
  },
];
