/** The size that a service or an environment sets explicitly. */
interface SizeSettings {
  readonly replicas?: number;
  readonly maxReplicas?: number;
  readonly cpu?: string;
  readonly memory?: string;
}

/** Applies where neither the service nor the environment sets a value. */
const fallback = { replicas: 1, cpu: '100m', memory: '128Mi' } as const;

/** Takes each value from the service, then from the environment, then from the fallback. */
export function resolveSize(service: SizeSettings = {}, environment: SizeSettings = {}): Required<SizeSettings> {
  const replicas = service.replicas ?? environment.replicas ?? fallback.replicas;
  return {
    replicas,
    maxReplicas: service.maxReplicas ?? replicas * 3,
    cpu: service.cpu ?? environment.cpu ?? fallback.cpu,
    memory: service.memory ?? environment.memory ?? fallback.memory,
  };
}
