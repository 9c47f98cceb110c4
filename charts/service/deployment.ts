import { Duration, Size } from 'cdk8s';
import { EnvValue, Probe, Secret, Topology, Volume } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { type ImageReference, memoryBytes } from '../../lib/values';
import { syncOptions } from '../argocd/sync-options';
import { SyncWave } from '../argocd/sync-wave';
import { Deployment } from '../kubernetes/hardened/deployment';
import { selectorLabels, serviceLabels } from './metadata';
import { serviceMetadata } from '../kubernetes/metadata';

/** The unprivileged user of every image. */
const user = 65532;

/** Share of the memory limit that the Go runtime may fill before it collects harder (https://pkg.go.dev/runtime#hdr-Environment_Variables). */
const goMemoryShare = 0.9;

/**
 * The Deployment that Flagger watches. It says no replicas: Flagger takes them to none between rollouts, the autoscaler decides the rest.
 * Nothing in the pod template changes from release to release but the image: going back gives the same template, and Flagger knows it.
 */
export function deployment(
  scope: Construct,
  service: ServiceInEnvironment,
  image: ImageReference,
  progressDeadlineSeconds: number,
): Deployment {
  const { probes } = service;
  const target = new Deployment(scope, 'Deployment', {
    metadata: serviceMetadata(service, SyncWave.target, { annotations: syncOptions.confirmDeletion }),
    podLabels: serviceLabels(service),
    selector: selectorLabels(service),
    serviceAccount: service.name,
    user,
    progressDeadline: Duration.seconds(progressDeadlineSeconds),
    drain: Duration.seconds(5),
    grace: Duration.seconds(25),
    container: {
      name: service.name,
      image,
      port: service.port,
      variables: variables(scope, service),
      cpu: service.cpu,
      memory: service.memory,
      startup: Probe.fromHttpGet(probes.live, every(1, 30)),
      readiness: Probe.fromHttpGet(probes.ready, every(2, 2)),
      liveness: Probe.fromHttpGet(probes.live, every(10, 3)),
    },
  });
  target.container.mount('/tmp', Volume.fromEmptyDir(scope, 'Scratch', 'tmp', { sizeLimit: Size.mebibytes(64) }));
  target.spreadOver(Topology.ZONE, Topology.HOSTNAME);
  target.keepRevisions(3);
  return target;
}

const every = (seconds: number, failureThreshold: number) => ({
  periodSeconds: Duration.seconds(seconds),
  failureThreshold,
});

/** What the program reads: its own settings and secrets, and what it has to know of where it runs. In the order of their names. */
function variables(scope: Construct, service: ServiceInEnvironment): Readonly<Record<string, EnvValue>> {
  const own = {
    PORT: String(service.port),
    GOMEMLIMIT: String(Math.floor(memoryBytes(service.memory) * goMemoryShare)),
    ...(service.tracing === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: service.tracing }),
  };
  const plain = Object.entries({ ...own, ...service.settings }).map(
    ([name, value]) => [name, EnvValue.fromValue(literal(value))] as const,
  );
  const secret = Object.entries(service.secrets).map(
    ([name, { name: of, key }]) =>
      [name, EnvValue.fromSecretValue({ secret: Secret.fromSecretName(scope, `Secret-${name}`, of), key })] as const,
  );
  return Object.fromEntries([...plain, ...secret].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Kubernetes puts other variables in place of `$(NAME)`, and a dollar in place of two: a setting means what it says. */
function literal(value: string): string {
  return value.replaceAll('$', '$$$$');
}
