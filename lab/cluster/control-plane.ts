import { toolPath } from '../../lib/tools';
import { requiredVersion } from '../go-modules';
import { type Layout, within } from '../layout';
import type { Server } from '../run/component';
import { keyPath, kubeconfigPath } from './keys';

const kubernetes = () => requiredVersion('kubernetes', 'k8s.io/kubernetes');

/** The cluster's database. It does not wait for the disk: the data need not survive a power failure. */
export function etcd(layout: Layout, version: string): Server {
  const client = `http://127.0.0.1:${layout.ports.etcd}`;
  const peer = `http://127.0.0.1:${layout.ports.etcdPeer}`;
  return {
    kind: 'server',
    name: 'etcd',
    version,
    needs: [],
    program: toolPath('etcd'),
    arguments: [
      '--name=lab',
      `--data-dir=${within(layout, 'etcd')}`,
      '--unsafe-no-fsync',
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=lab=${peer}`,
    ],
    ready: { kind: 'http', url: `${client}/health`, contains: '"health":"true"' },
    deadlineSeconds: 30,
    graceSeconds: 2,
  };
}

/** Listens only on the lab's bridge, which only pods and this machine can reach. */
export function apiServer(layout: Layout): Server {
  const key = (file: string) => keyPath(layout, file);
  const address = `${layout.node.address}:${layout.ports.api}`;
  return {
    kind: 'server',
    name: 'kube-apiserver',
    version: kubernetes(),
    needs: ['etcd', 'keys', 'network'],
    program: toolPath('kube-apiserver'),
    // Parsing the schemas of many kinds leaves garbage on the heap. The live heap grows to about 450 MB in an hour of releases. With a limit below
    // that, garbage collection keeps a core busy.
    environment: { GOMEMLIMIT: '900MiB' },
    arguments: [
      `--etcd-servers=http://127.0.0.1:${layout.ports.etcd}`,
      `--bind-address=${layout.node.address}`,
      `--advertise-address=${layout.node.address}`,
      `--secure-port=${layout.ports.api}`,
      `--tls-cert-file=${key('apiserver.crt')}`,
      `--tls-private-key-file=${key('apiserver.key')}`,
      `--client-ca-file=${key('ca.crt')}`,
      `--token-auth-file=${key('tokens.csv')}`,
      '--authorization-mode=Node,RBAC',
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-key-file=${key('service-accounts.pub')}`,
      `--service-account-signing-key-file=${key('service-accounts.key')}`,
      `--service-cluster-ip-range=${layout.services.cidr}`,
      '--allow-privileged=true',
      '--enable-admission-plugins=NodeRestriction',
      `--kubelet-client-certificate=${key('kubelet-client.crt')}`,
      `--kubelet-client-key=${key('kubelet-client.key')}`,
      '--kubelet-preferred-address-types=InternalIP',
      `--requestheader-client-ca-file=${key('ca.crt')}`,
      '--requestheader-allowed-names=front-proxy-client',
      '--requestheader-username-headers=X-Remote-User',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      `--proxy-client-cert-file=${key('front-proxy.crt')}`,
      `--proxy-client-key-file=${key('front-proxy.key')}`,
      '--enable-aggregator-routing=true',
      // With Debian's etcd 3.4 this feature logs an error every second: progress notifications arrive too late for it.
      '--feature-gates=SizeBasedListCostEstimate=false',
      '--endpoint-reconciler-type=master-count',
      '--profiling=false',
      '--v=1',
    ],
    ready: { kind: 'http', url: `https://${address}/readyz`, certificate: key('ca.crt') },
    deadlineSeconds: 120,
    // It would wait for open watches. Ending it at once loses nothing.
    graceSeconds: 0,
  };
}

export function controllerManager(layout: Layout): Server {
  const key = (file: string) => keyPath(layout, file);
  return {
    kind: 'server',
    name: 'kube-controller-manager',
    version: kubernetes(),
    needs: ['kube-apiserver'],
    program: toolPath('kube-controller-manager'),
    arguments: [
      `--kubeconfig=${kubeconfigPath(layout, 'controller-manager')}`,
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
      `--secure-port=${layout.ports.controllerManager}`,
      `--service-account-private-key-file=${key('service-accounts.key')}`,
      `--root-ca-file=${key('ca.crt')}`,
      `--cluster-signing-cert-file=${key('ca.crt')}`,
      `--cluster-signing-key-file=${key('ca.key')}`,
      `--flex-volume-plugin-dir=${within(layout, 'kubelet-plugins')}`,
      '--use-service-account-credentials=true',
      '--kube-api-qps=200',
      '--kube-api-burst=400',
      '--cluster-name=bowline-lab',
      '--v=1',
    ],
    ready: { kind: 'http', url: `https://127.0.0.1:${layout.ports.controllerManager}/healthz` },
    deadlineSeconds: 60,
    graceSeconds: 1,
  };
}

export function scheduler(layout: Layout): Server {
  const configuration = kubeconfigPath(layout, 'scheduler');
  return {
    kind: 'server',
    name: 'kube-scheduler',
    version: kubernetes(),
    needs: ['kube-apiserver'],
    program: toolPath('kube-scheduler'),
    arguments: [
      `--kubeconfig=${configuration}`,
      `--authentication-kubeconfig=${configuration}`,
      `--authorization-kubeconfig=${configuration}`,
      '--authentication-tolerate-lookup-failure=true',
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
      `--secure-port=${layout.ports.scheduler}`,
      '--v=1',
    ],
    ready: { kind: 'http', url: `https://127.0.0.1:${layout.ports.scheduler}/healthz` },
    deadlineSeconds: 60,
    graceSeconds: 1,
  };
}
