import { apiServer, controllerManager, etcd, scheduler } from './cluster/control-plane';
import { createKeys, kubeconfigPath } from './cluster/keys';
import { coredns, kubelet, kubeProxy } from './cluster/node';
import { importPauseImage } from './cluster/pause-image';
import { containerd } from './cluster/runtime';
import { applicationController, argocdHome, argocdObjects, redis, repositoryServer } from './delivery/argocd';
import { flagger } from './delivery/flagger';
import { contour, envoy, envoyBootstrap, gatewayObjects } from './delivery/gateway';
import { registry } from './delivery/registry';
import { createRepository, gitServer } from './git/repositories';
import { applyAll } from './kubernetes/apply';
import { KubernetesClient } from './kubernetes/client';
import { applyDefinitions } from './kubernetes/definitions';
import { type Layout, within } from './layout';
import { createNetwork } from './machine/network';
import { alertReceiver } from './monitoring/alert-receiver';
import { alertmanager } from './monitoring/alertmanager';
import { monitors, prometheus } from './monitoring/prometheus';
import type { Component, Step } from './run/component';
import type { StopOrder } from './teardown/tear-down';

/** What depends on the machine: versions of its packages, and the command that starts the lab's own servers. */
export interface HostTools {
  readonly 'etcd-server': string;
  readonly containerd: string;
  readonly 'docker-registry': string;
  readonly envoy: string;
  readonly serve: readonly string[];
}

/** All components of the lab. Their order of start follows from `needs`. */
export function labComponents(layout: Layout, tools: HostTools): readonly Component[] {
  let client: KubernetesClient | undefined;
  const connect = () => {
    client ??= KubernetesClient.fromKubeconfig(kubeconfigPath(layout, 'admin'));
    return client;
  };
  return [
    step('network', [], () => createNetwork(layout)),
    step('keys', [], () => createKeys(layout)),
    etcd(layout, tools['etcd-server']),
    apiServer(layout),
    controllerManager(layout),
    scheduler(layout),
    containerd(layout, tools.containerd),
    step('pause-image', ['containerd'], () => importPauseImage(layout)),
    coredns(layout),
    kubelet(layout, connect),
    kubeProxy(layout),
    step('definitions', ['kube-apiserver'], () => applyDefinitions(connect(), within(layout, 'definitions'))),
    step('platform-objects', ['definitions'], () =>
      applyAll(connect(), [...gatewayObjects(layout), ...argocdObjects()]),
    ),
    registry(layout, tools['docker-registry']),
    step('ledger', [], () => createRepository(layout, 'ledger')),
    gitServer(layout, tools.serve),
    alertReceiver(layout, tools.serve),
    alertmanager(layout),
    monitors(layout, tools.serve),
    prometheus(layout),
    envoyBootstrap(layout),
    contour(layout),
    envoy(layout, tools.envoy),
    flagger(layout),
    redis(layout),
    argocdHome(layout),
    repositoryServer(layout),
    applicationController(layout),
  ];
}

function step(name: string, needs: readonly string[], run: () => Promise<void>): Step {
  return { kind: 'step', name, version: '', needs, deadlineSeconds: 120, run };
}

/** First the servers that would restart or repair others, then the runtime, last the servers that the others use. */
export const stopOrder: StopOrder = {
  first: [
    'argocd-application-controller',
    'argocd-repo-server',
    'flagger',
    'envoy',
    'contour',
    'monitors',
    'prometheus',
    'alertmanager',
    'alert-receiver',
    'git',
    'redis',
    'kubelet',
    'kube-proxy',
    'kube-scheduler',
    'kube-controller-manager',
    'coredns',
  ],
  runtime: 'containerd',
  last: ['registry', 'kube-apiserver', 'etcd'],
};
