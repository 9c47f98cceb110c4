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
  {
    checks: ['CKV_K8S_35'],
    package: 'deployment.yaml',
    reason:
      'the catalog refers to keys of Secrets as environment variables, the form that most programs read; a pod gets them from the cluster when it starts, and they are in no file of git',
  },
];
