/** What a service or an environment says of a size; the rest has a default. */
interface SizeSettings {
  readonly replicas?: number;
  readonly maxReplicas?: number;
  readonly cpu?: string;
  readonly memory?: string;
}

/** Where neither the service nor the environment says one. */
const fallback = { replicas: 1, cpu: '100m', memory: '128Mi' } as const;

/** The size that holds: the service's own, else the environment's, else the smallest. */
export function resolveSize(own: SizeSettings = {}, environment: SizeSettings = {}): Required<SizeSettings> {
  const replicas = own.replicas ?? environment.replicas ?? fallback.replicas;
  return {
    replicas,
    maxReplicas: own.maxReplicas ?? replicas * 3,
    cpu: own.cpu ?? environment.cpu ?? fallback.cpu,
    memory: own.memory ?? environment.memory ?? fallback.memory,
  };
}
