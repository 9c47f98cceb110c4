import { JsonPatch } from 'cdk8s';
import { containerPointer, podSpecPointer, probeFields } from './pointers';

/** A default of cdk8s-plus-27 that the hardened constructs override. */
export interface OverriddenDefault {
  readonly kind: 'ConfigMap' | 'Deployment' | 'HorizontalPodAutoscaler' | 'Namespace';
  /** JSON pointer into the manifest. */
  readonly field: string;
  /** The default value. */
  readonly value: unknown;
  /** Where cdk8s-plus-27 2.9.5 sets the default: file below lib/ and line. */
  readonly source: `${string}.js:${number}`;
  /** Part of that line. A test looks it up, so that an upgrade of the package shows which defaults moved or changed. */
  readonly code: string;
  /** What the default would break. */
  readonly reason: string;
  /** How it is overridden: `option` passes another value to the construct, `removal` removes the field from the manifest. */
  readonly method: 'option' | 'removal';
}

const serverDefault = 'the API server has the same default';
const podTemplateDefault = `${serverDefault}, and any change of a pod template starts a rollout`;

/** All overridden defaults. docs/adr/0001-libraries-and-tools.md shows them as a table. */
export const overriddenDefaults: readonly OverriddenDefault[] = [
  {
    kind: 'Deployment',
    field: '/spec/replicas',
    value: 2,
    source: 'deployment.js:116',
    code: 'this.replicas ?? 2',
    reason: 'Argo CD would scale up the target that Flagger scaled to zero (argo-cd#12967)',
    method: 'option',
  },
  {
    kind: 'Deployment',
    field: '/spec/selector/matchLabels/cdk8s.io~1metadata.addr',
    value: 'a hash of the path',
    source: 'workload.js:24',
    code: 'props.select ?? true',
    reason:
      'Flagger rejects a target that it cannot select by app, name or app.kubernetes.io/name (pkg/canary/deployment_controller.go)',
    method: 'option',
  },
  {
    kind: 'Deployment',
    field: '/spec/template/metadata/labels/cdk8s.io~1metadata.addr',
    value: 'a hash of the path',
    source: 'workload.js:37',
    code: 'addLabel(pod.Pod.ADDRESS_LABEL',
    reason:
      'the primary would get the address of the target, and moving the construct in the tree would start a rollout',
    method: 'option',
  },
  {
    kind: 'Deployment',
    field: '/spec/progressDeadlineSeconds',
    value: 600,
    source: 'deployment.js:48',
    code: 'Duration.seconds(600)',
    reason: 'pods that never become ready would run for ten minutes, whatever the rollback budget is',
    method: 'option',
  },
  {
    kind: 'Deployment',
    field: '/spec/strategy/rollingUpdate/maxUnavailable',
    value: '25%',
    source: 'deployment.js:195',
    code: 'PercentOrAbsolute.percent(25)',
    reason: 'a quarter of the pods would stop before their replacements are ready',
    method: 'option',
  },
  {
    kind: 'Deployment',
    field: '/spec/minReadySeconds',
    value: 0,
    source: 'deployment.js:47',
    code: 'Duration.seconds(0)',
    reason: serverDefault,
    method: 'removal',
  },
  {
    kind: 'Deployment',
    field: `${podSpecPointer}/restartPolicy`,
    value: 'Always',
    source: 'pod.js:20',
    code: 'RestartPolicy.ALWAYS',
    reason: podTemplateDefault,
    method: 'removal',
  },
  {
    kind: 'Deployment',
    field: `${podSpecPointer}/dnsPolicy`,
    value: 'ClusterFirst',
    source: 'pod.js:277',
    code: 'DnsPolicy.CLUSTER_FIRST',
    reason: podTemplateDefault,
    method: 'removal',
  },
  {
    kind: 'Deployment',
    field: `${podSpecPointer}/hostNetwork`,
    value: false,
    source: 'pod.js:27',
    code: 'props.hostNetwork ?? false',
    reason: podTemplateDefault,
    method: 'removal',
  },
  {
    kind: 'Deployment',
    field: `${podSpecPointer}/setHostnameAsFQDN`,
    value: false,
    source: 'pod.js:278',
    code: 'props.hostnameAsFQDN ?? false',
    reason: podTemplateDefault,
    method: 'removal',
  },
  {
    kind: 'Deployment',
    field: `${podSpecPointer}/securityContext/fsGroupChangePolicy`,
    value: 'Always',
    source: 'pod.js:355',
    code: 'FsGroupChangePolicy.ALWAYS',
    reason: podTemplateDefault,
    method: 'removal',
  },
  {
    kind: 'Deployment',
    field: `${containerPointer}/name`,
    value: 'main',
    source: 'container.js:452',
    code: "props.name ?? 'main'",
    reason: 'logs are found by the name of the container, which is the name of the service',
    method: 'option',
  },
  {
    kind: 'Deployment',
    field: `${containerPointer}/imagePullPolicy`,
    value: 'Always',
    source: 'container.js:464',
    code: 'ImagePullPolicy.ALWAYS',
    reason: 'a digest always refers to the same image, and a rollback must not depend on the registry',
    method: 'option',
  },
  {
    kind: 'Deployment',
    field: `${containerPointer}/resources`,
    value: { limits: { cpu: '1500m', memory: '2048Mi' }, requests: { cpu: '1000m', memory: '512Mi' } },
    source: 'container.js:439',
    code: 'Cpu.millis(1000)',
    reason: 'a canary doubles the requests of the service, and a CPU limit adds latency to the 99th percentile',
    method: 'option',
  },
  {
    kind: 'Deployment',
    field: `${containerPointer}/startupProbe`,
    value: { failureThreshold: 3, tcpSocket: { port: 8080 } },
    source: 'container.js:459',
    code: 'props.startup ??',
    reason: 'a server accepts connections before it can answer requests',
    method: 'option',
  },
  {
    kind: 'Deployment',
    field: `${containerPointer}/securityContext/runAsNonRoot`,
    value: true,
    source: 'container.js:203',
    code: 'props.ensureNonRoot ?? true',
    reason: 'the pod sets it for all of its containers',
    method: 'removal',
  },
  ...probeFields.map(
    (probe): OverriddenDefault => ({
      kind: 'Deployment',
      field: `${containerPointer}/${probe}/httpGet/scheme`,
      value: 'HTTP',
      source: '_action.js:26',
      code: 'ConnectionScheme.HTTP',
      reason: podTemplateDefault,
      method: 'removal',
    }),
  ),
  {
    kind: 'HorizontalPodAutoscaler',
    field: '/spec/behavior',
    value: {
      scaleUp: {
        policies: [
          { periodSeconds: 60, type: 'Pods', value: 4 },
          { periodSeconds: 60, type: 'Percent', value: 200 },
        ],
        selectPolicy: 'Max',
        stabilizationWindowSeconds: 0,
      },
      scaleDown: {
        policies: [{ periodSeconds: 300, type: 'Pods', value: 3 }],
        selectPolicy: 'Max',
        stabilizationWindowSeconds: 300,
      },
    },
    source: 'horizontal-pod-autoscaler.js:210',
    code: 'behavior: {',
    reason:
      'it scales more slowly than the default of Kubernetes, which has periods of 15 s instead of 60 s, and the autoscaler of the primary is a copy',
    method: 'removal',
  },
  {
    kind: 'ConfigMap',
    field: '/immutable',
    value: false,
    source: 'config-map.js:45',
    code: 'props.immutable ?? false',
    reason: 'with server-side apply, it would claim a field of a ConfigMap that something else created (argocd-cm)',
    method: 'removal',
  },
  {
    kind: 'Namespace',
    field: '/spec',
    value: {},
    source: 'namespace.js:51',
    code: 'return {};',
    reason: 'its only field is the list of finalizers, which belongs to the API server',
    method: 'removal',
  },
];

/** Patches that remove the defaults of a kind which no option overrides. */
export function removalPatches(kind: OverriddenDefault['kind']): readonly JsonPatch[] {
  return overriddenDefaults
    .filter((entry) => entry.kind === kind && entry.method === 'removal')
    .map(({ field }) => JsonPatch.remove(field));
}
