import { Duration } from 'cdk8s';
import { EnvValue, Probe, Secret, Topology } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { containerVariables, defaultShutdown, defaultTmpSize, type ServiceInEnvironment } from '../../lib/catalog';
import type { ImageReference } from '../../lib/values';
import { syncOptions } from '../argocd/sync-options';
import { SyncWave } from '../argocd/sync-wave';
import { Deployment } from '../kubernetes/hardened/deployment';
import { mountConfigFiles } from './config-files';
import { selectorLabels, serviceLabels, serviceMetadata } from './metadata';
import { containerPorts, probePortName } from './ports';
import { roleAnnotations } from './service-account';

/** The unprivileged user of every image. */
const user = 65532;

/** What a release and a rollout plan decide about the Deployment. */
export interface DeployedVersion {
  readonly image: ImageReference;
  /** How long the pods may take to become ready. */
  readonly progressDeadlineSeconds: number;
}

/**
 * The Deployment that Flagger watches, the target of the Canary. It sets no replicas: Flagger scales it to zero between rollouts, and the
 * autoscaler decides otherwise. In the pod template only the image changes from release to release. A rollback therefore restores the same
 * template, and Flagger recognizes it.
 */
export function deployment(
  scope: Construct,
  service: ServiceInEnvironment,
  { image, progressDeadlineSeconds }: DeployedVersion,
): Deployment {
  const { probes, shutdown = defaultShutdown } = service;
  const target = new Deployment(scope, 'Deployment', {
    metadata: serviceMetadata(service, SyncWave.workload, { annotations: syncOptions.confirmDeletion }),
    podLabels: serviceLabels(service),
    podAnnotations: roleAnnotations(service)?.pod,
    selector: selectorLabels(service),
    serviceAccount: service.name,
    user,
    progressDeadline: Duration.seconds(progressDeadlineSeconds),
    drainPeriod: Duration.seconds(shutdown.drainSeconds),
    shutdownPeriod: Duration.seconds(shutdown.gracePeriodSeconds - shutdown.drainSeconds),
    container: {
      name: service.name,
      image,
      args: service.args?.map(escapeReferences),
      ports: containerPorts(service),
      probePort: probePortName(service),
      variables: environmentVariables(scope, service),
      cpu: service.cpu,
      memory: service.memory,
      // The kubelet restarts a container after this many seconds. Before the deadline, a restart would only repeat a slow start.
      startup: Probe.fromHttpGet(probes.live, probeOptions(1, progressDeadlineSeconds)),
      readiness: Probe.fromHttpGet(probes.ready, probeOptions(2, 2)),
      liveness: Probe.fromHttpGet(probes.live, probeOptions(10, 3)),
    },
  });
  target.mountScratch('/tmp', 'tmp', service.tmpSize ?? defaultTmpSize);
  mountConfigFiles(target, service);
  target.spreadAcross(Topology.ZONE, Topology.HOSTNAME);
  target.keepRevisions(3);
  return target;
}

function probeOptions(periodSeconds: number, failureThreshold: number) {
  return { periodSeconds: Duration.seconds(periodSeconds), failureThreshold };
}

/** Environment variables of the container, sorted by name: those that Bowline sets, and the service's own settings and secrets. */
function environmentVariables(scope: Construct, service: ServiceInEnvironment): Readonly<Record<string, EnvValue>> {
  const variables = new Map<string, EnvValue>();
  const setValue = (name: string, value: string) => variables.set(name, EnvValue.fromValue(escapeReferences(value)));
  for (const [name, value] of Object.entries(containerVariables(service))) {
    setValue(name, value);
  }
  for (const [name, { name: secretName, key }] of Object.entries(service.secrets)) {
    const secret = Secret.fromSecretName(scope, `Secret-${name}`, secretName);
    variables.set(name, EnvValue.fromSecretValue({ secret, key }));
  }
  return Object.fromEntries([...variables].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Doubles every dollar sign. Kubernetes expands `$(NAME)` in a value and turns `$$` into `$`, so the program reads the value unchanged. */
function escapeReferences(value: string): string {
  return value.replaceAll('$', '$$$$');
}
