import { toolPath } from '../../lib/tools';
import { requiredVersion } from '../go-modules';
import type { KubernetesClient } from '../kubernetes/client';
import { type Layout, within } from '../layout';
import type { Server } from '../run/component';
import { keyPath, kubeconfigPath } from './keys';

const kubernetes = () => requiredVersion('kubernetes', 'k8s.io/kubernetes');

export function kubelet(layout: Layout, client: () => KubernetesClient): Server {
  const configuration = within(layout, 'config', 'kubelet.json');
  return {
    kind: 'server',
    name: 'kubelet',
    version: kubernetes(),
    needs: ['kube-apiserver', 'containerd', 'pause-image', 'coredns'],
    program: toolPath('kubelet'),
    arguments: [
      `--config=${configuration}`,
      `--kubeconfig=${kubeconfigPath(layout, 'kubelet')}`,
      `--hostname-override=${layout.node.name}`,
      `--node-ip=${layout.node.address}`,
      `--root-dir=${within(layout, 'kubelet')}`,
      `--cert-dir=${within(layout, 'kubelet', 'pki')}`,
      '--v=1',
    ],
    folders: [
      within(layout, 'kubelet'),
      within(layout, 'pod-logs'),
      within(layout, 'static-pods'),
      within(layout, 'kubelet-plugins'),
    ],
    files: [{ path: configuration, text: kubeletConfiguration(layout) }],
    ready: { kind: 'check', passes: () => nodeIsReady(client(), layout.node.name) },
    deadlineSeconds: 90,
    graceSeconds: 1,
  };
}

/** Works without permission to raise OOM scores and limits, on cgroup v1 or v2 (https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/). */
export function kubeletConfiguration(layout: Layout): string {
  return json({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: layout.node.address,
    port: layout.ports.kubelet,
    healthzBindAddress: '127.0.0.1',
    healthzPort: layout.ports.kubeletHealth,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: keyPath(layout, 'ca.crt') },
    },
    authorization: { mode: 'AlwaysAllow' },
    cgroupDriver: 'cgroupfs',
    // Tells the lab's pods apart from those of other clusters on this machine.
    cgroupRoot: `/${layout.cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    featureGates: { KubeletInUserNamespace: true },
    oomScoreAdj: 0,
    maxOpenFiles: 20_000,
    maxPods: 110,
    containerRuntimeEndpoint: `unix://${layout.containerd}`,
    clusterDNS: [layout.node.address],
    clusterDomain: 'cluster.local',
    resolvConf: '',
    staticPodPath: within(layout, 'static-pods'),
    podLogsDir: within(layout, 'pod-logs'),
    volumePluginDir: within(layout, 'kubelet-plugins'),
    imageGCHighThresholdPercent: 100,
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '1%',
      'imagefs.available': '1%',
      'nodefs.inodesFree': '1%',
    },
    nodeStatusUpdateFrequency: '10s',
    syncFrequency: '10s',
    registryPullQPS: 0,
    eventRecordQPS: 0,
  });
}

export function kubeProxy(layout: Layout): Server {
  const configuration = within(layout, 'config', 'kube-proxy.json');
  return {
    kind: 'server',
    name: 'kube-proxy',
    version: kubernetes(),
    needs: ['kube-apiserver'],
    program: toolPath('kube-proxy'),
    arguments: [`--config=${configuration}`, '--v=1'],
    files: [{ path: configuration, text: kubeProxyConfiguration(layout) }],
    ready: { kind: 'port', host: '127.0.0.1', port: layout.ports.proxyHealth },
    deadlineSeconds: 30,
    graceSeconds: 1,
  };
}

/** Zero keeps the machine's conntrack limits. */
export function kubeProxyConfiguration(layout: Layout): string {
  return json({
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    clusterCIDR: layout.pods.cidr,
    hostnameOverride: layout.node.name,
    bindAddress: layout.node.address,
    healthzBindAddress: `127.0.0.1:${layout.ports.proxyHealth}`,
    metricsBindAddress: `127.0.0.1:${layout.ports.proxyMetrics}`,
    oomScoreAdj: 0,
    conntrack: {
      maxPerCore: 0,
      min: 0,
      tcpEstablishedTimeout: '0s',
      tcpCloseWaitTimeout: '0s',
      udpTimeout: '0s',
      udpStreamTimeout: '0s',
    },
    iptables: { masqueradeAll: false, minSyncPeriod: '100ms', localhostNodePorts: false },
    nodePortAddresses: ['primary'],
    clientConnection: { kubeconfig: kubeconfigPath(layout, 'proxy') },
  });
}

/** A host process on the node's address. Pods use it as their name server, without a Service. */
export function coredns(layout: Layout): Server {
  const configuration = within(layout, 'config', 'Corefile');
  return {
    kind: 'server',
    name: 'coredns',
    version: requiredVersion('coredns', 'github.com/coredns/coredns'),
    needs: ['kube-apiserver'],
    program: toolPath('coredns'),
    arguments: ['-conf', configuration],
    files: [{ path: configuration, text: corefile(layout) }],
    ready: { kind: 'http', url: `http://127.0.0.1:${layout.ports.dnsReady}/ready` },
    deadlineSeconds: 60,
    graceSeconds: 1,
  };
}

export function corefile(layout: Layout): string {
  return `.:${layout.ports.dns} {
  bind ${layout.node.address}
  errors
  ready 127.0.0.1:${layout.ports.dnsReady}
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${kubeconfigPath(layout, 'admin')} bowline-lab
    pods insecure
    ttl 5
  }
  cache 5
}
`;
}

async function nodeIsReady(client: KubernetesClient, name: string): Promise<boolean> {
  const node = await client.get<{
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }>(`/api/v1/nodes/${name}`);
  return node?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
