import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { type ImageReference, memoryBytes } from '../../lib/values';
import { selectorLabels, serviceLabels } from '../kubernetes/labels';
import { argocd } from '../kubernetes/manifest';

/** The unprivileged user of every image. */
const user = 65532;

/** Seconds a leaving pod goes on answering, until every proxy has heard that it leaves. */
const drainSeconds = 5;

/** Seconds from the end of the drain until the process is killed. */
const graceSeconds = 25;

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
): ApiObject {
  const labels = serviceLabels(service);
  return new ApiObject(scope, 'Deployment', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: service.name,
      namespace: service.namespace,
      labels,
      annotations: { ...argocd.wave(0), ...argocd.confirmDeletion },
    },
    spec: {
      revisionHistoryLimit: 3,
      progressDeadlineSeconds,
      selector: { matchLabels: selectorLabels(service) },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: service.name,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: drainSeconds + graceSeconds,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: user,
            runAsGroup: user,
            fsGroup: user,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
            maxSkew: 1,
            topologyKey,
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: selectorLabels(service) },
          })),
          containers: [container(service, image)],
          volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
        },
      },
    },
  });
}

function container(service: ServiceInEnvironment, image: ImageReference) {
  return {
    name: service.name,
    image,
    imagePullPolicy: 'IfNotPresent',
    ports: [{ name: 'http', containerPort: service.port }],
    env: environment(service),
    resources: { requests: { cpu: service.cpu, memory: service.memory }, limits: { memory: service.memory } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      privileged: false,
      capabilities: { drop: ['ALL'] },
    },
    startupProbe: { httpGet: { path: service.probes.live, port: 'http' }, periodSeconds: 1, failureThreshold: 30 },
    readinessProbe: { httpGet: { path: service.probes.ready, port: 'http' }, periodSeconds: 2, failureThreshold: 2 },
    livenessProbe: { httpGet: { path: service.probes.live, port: 'http' }, periodSeconds: 10, failureThreshold: 3 },
    // Images have no shell: the kubelet waits itself (https://kep.k8s.io/3960).
    lifecycle: { preStop: { sleep: { seconds: drainSeconds } } },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  };
}

function environment(service: ServiceInEnvironment) {
  const own = {
    PORT: String(service.port),
    GOMEMLIMIT: String(Math.floor(memoryBytes(service.memory) * goMemoryShare)),
    ...(service.tracing === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: service.tracing }),
  };
  const plain = Object.entries({ ...own, ...service.settings }).map(([name, value]) => ({
    name,
    value: literal(value),
  }));
  const secret = Object.entries(service.secrets).map(([name, { name: of, key }]) => ({
    name,
    valueFrom: { secretKeyRef: { name: of, key } },
  }));
  return [...plain, ...secret].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Kubernetes puts other variables in place of `$(NAME)`, and a dollar in place of two: a setting means what it says. */
function literal(value: string): string {
  return value.replaceAll('$', '$$$$');
}
