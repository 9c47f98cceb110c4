import { JsonPatch } from 'cdk8s';
import type { OverriddenDefault } from './plus-default';
import { container, pod, probes } from './pointers';

/** Words that the API server says itself. In a pod template each of them, whenever it changes, is a rollout of every service. */
const saidAnyway = 'the API server says it itself, and whatever a pod template says is a rollout when it changes';

/** All that is overruled of cdk8s-plus-27. docs/adr/0001 shows it as a table. */
export const defaults: readonly OverriddenDefault[] = [
  {
    kind: 'Deployment',
    field: '/spec/replicas',
    value: 2,
    source: 'deployment.js:116',
    code: 'this.replicas ?? 2',
    why: 'Argo CD would scale up what Flagger has taken to none (argo-cd#12967)',
    by: 'option',
  },
  {
    kind: 'Deployment',
    field: '/spec/selector/matchLabels/cdk8s.io~1metadata.addr',
    value: 'a hash of the path',
    source: 'workload.js:24',
    code: 'props.select ?? true',
    why: 'Flagger refuses a target that it can not select by app, name or app.kubernetes.io/name (pkg/canary/deployment_controller.go)',
    by: 'option',
  },
  {
    kind: 'Deployment',
    field: '/spec/template/metadata/labels/cdk8s.io~1metadata.addr',
    value: 'a hash of the path',
    source: 'workload.js:37',
    code: 'addLabel(pod.Pod.ADDRESS_LABEL',
    why: "the primary would carry the target's address, and a file more in the chart would be a rollout",
    by: 'option',
  },
  {
    kind: 'Deployment',
    field: '/spec/progressDeadlineSeconds',
    value: 600,
    source: 'deployment.js:48',
    code: 'Duration.seconds(600)',
    why: 'pods that never get ready would be given ten minutes, whatever the rollback budget',
    by: 'option',
  },
  {
    kind: 'Deployment',
    field: '/spec/strategy/rollingUpdate/maxUnavailable',
    value: '25%',
    source: 'deployment.js:195',
    code: 'PercentOrAbsolute.percent(25)',
    why: 'a fourth of the pods would leave before others are ready',
    by: 'option',
  },
  {
    kind: 'Deployment',
    field: '/spec/minReadySeconds',
    value: 0,
    source: 'deployment.js:47',
    code: 'Duration.seconds(0)',
    why: 'the API server says it itself',
    by: 'removal',
  },
  {
    kind: 'Deployment',
    field: `${pod}/restartPolicy`,
    value: 'Always',
    source: 'pod.js:20',
    code: 'RestartPolicy.ALWAYS',
    why: saidAnyway,
    by: 'removal',
  },
  {
    kind: 'Deployment',
    field: `${pod}/dnsPolicy`,
    value: 'ClusterFirst',
    source: 'pod.js:277',
    code: 'DnsPolicy.CLUSTER_FIRST',
    why: saidAnyway,
    by: 'removal',
  },
  {
    kind: 'Deployment',
    field: `${pod}/hostNetwork`,
    value: false,
    source: 'pod.js:27',
    code: 'props.hostNetwork ?? false',
    why: saidAnyway,
    by: 'removal',
  },
  {
    kind: 'Deployment',
    field: `${pod}/setHostnameAsFQDN`,
    value: false,
    source: 'pod.js:278',
    code: 'props.hostnameAsFQDN ?? false',
    why: saidAnyway,
    by: 'removal',
  },
  {
    kind: 'Deployment',
    field: `${pod}/securityContext/fsGroupChangePolicy`,
    value: 'Always',
    source: 'pod.js:355',
    code: 'FsGroupChangePolicy.ALWAYS',
    why: saidAnyway,
    by: 'removal',
  },
  {
    kind: 'Deployment',
    field: `${container}/name`,
    value: 'main',
    source: 'container.js:452',
    code: "props.name ?? 'main'",
    why: 'logs are found by the name of the container, which is that of the service',
    by: 'option',
  },
  {
    kind: 'Deployment',
    field: `${container}/imagePullPolicy`,
    value: 'Always',
    source: 'container.js:464',
    code: 'ImagePullPolicy.ALWAYS',
    why: 'a digest is always the same image, and a rollback must not wait for a registry',
    by: 'option',
  },
  {
    kind: 'Deployment',
    field: `${container}/resources`,
    value: { limits: { cpu: '1500m', memory: '2048Mi' }, requests: { cpu: '1000m', memory: '512Mi' } },
    source: 'container.js:439',
    code: 'Cpu.millis(1000)',
    why: 'a canary doubles what is asked of the cluster, and a limit of the CPU makes a p99 of its own',
    by: 'option',
  },
  {
    kind: 'Deployment',
    field: `${container}/startupProbe`,
    value: { failureThreshold: 3, tcpSocket: { port: 8080 } },
    source: 'container.js:459',
    code: 'props.startup ??',
    why: 'a server takes connections before it can answer a request',
    by: 'option',
  },
  {
    kind: 'Deployment',
    field: `${container}/securityContext/runAsNonRoot`,
    value: true,
    source: 'container.js:203',
    code: 'props.ensureNonRoot ?? true',
    why: 'the pod says it for all of its containers',
    by: 'removal',
  },
  ...probes.map(
    (probe): OverriddenDefault => ({
      kind: 'Deployment',
      field: `${container}/${probe}/httpGet/scheme`,
      value: 'HTTP',
      source: '_action.js:26',
      code: 'ConnectionScheme.HTTP',
      why: saidAnyway,
      by: 'removal',
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
    why: "slower than Kubernetes itself, which looks every 15 s and not every minute: the primary's autoscaler is a copy",
    by: 'removal',
  },
  {
    kind: 'ConfigMap',
    field: '/immutable',
    value: false,
    source: 'config-map.js:45',
    code: 'props.immutable ?? false',
    why: "applied on the server's side it claims a field of a ConfigMap that another brings (argocd-cm)",
    by: 'removal',
  },
  {
    kind: 'Namespace',
    field: '/spec',
    value: {},
    source: 'namespace.js:51',
    code: 'return {};',
    why: "there is nothing in it but finalizers, which are the API server's",
    by: 'removal',
  },
];

/** Takes out of an object of a kind what nobody has asked for. */
export function removals(kind: OverriddenDefault['kind']): readonly JsonPatch[] {
  return defaults
    .filter((each) => each.kind === kind && each.by === 'removal')
    .map(({ field }) => JsonPatch.remove(field));
}
