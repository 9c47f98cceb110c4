import { apiServer, controllerManager, etcd, scheduler } from './cluster/control-plane';
import { kubeconfigPath, makeKeys } from './cluster/keys';
import { coredns, kubelet, kubeProxy } from './cluster/node';
import { importPauseImage } from './cluster/pause-image';
import { containerd } from './cluster/runtime';
import { applicationController, argocdHome, argocdObjects, redis, repositoryServer } from './delivery/argocd';
import { flagger } from './delivery/flagger';
import { contour, envoy, envoyBootstrap, gatewayObjects } from './delivery/gateway';
import { registry } from './delivery/registry';
import { gitServer, makeRepository } from './git/repositories';
import { applyAll } from './kubernetes/apply';
import { KubernetesClient } from './kubernetes/client';
import { applyDefinitions } from './kubernetes/definitions';
import { type Layout, within } from './layout';
import { makeNetwork } from './machine/network';
import { alertReceiver } from './monitoring/alert-receiver';
import { alertmanager } from './monitoring/alertmanager';
import { monitors, prometheus } from './monitoring/prometheus';
import type { Component, Step } from './run/component';
import type { StopOrder } from './teardown/tear-down';

/** What only the machine knows: versions of its packages, and how our own servers are started. */
export interface MachineFacts {
  readonly 'etcd-server': string;
  readonly containerd: string;
  readonly 'docker-registry': string;
  readonly envoy: string;
  readonly serve: readonly string[];
}

/** Every part of the lab. The order in which they come up follows from what each needs. */
export function platform(layout: Layout, facts: MachineFacts): readonly Component[] {
  let client: KubernetesClient | undefined;
  const connected = () => {
    client ??= KubernetesClient.fromKubeconfig(kubeconfigPath(layout, 'admin'));
    return client;
  };
  return [
    step('network', [], () => makeNetwork(layout)),
    step('keys', [], () => makeKeys(layout)),
    etcd(layout, facts['etcd-server']),
    apiServer(layout),
    controllerManager(layout),
    scheduler(layout),
    containerd(layout, facts.containerd),
    step('pause-image', ['containerd'], () => importPauseImage(layout)),
    coredns(layout),
    kubelet(layout, connected),
    kubeProxy(layout),
    step('definitions', ['kube-apiserver'], () => applyDefinitions(connected(), within(layout, 'definitions'))),
    step('platform-objects', ['definitions'], () =>
      applyAll(connected(), [...gatewayObjects(layout), ...argocdObjects()]),
    ),
    registry(layout, facts['docker-registry']),
    step('ledger', [], () => makeRepository(layout, 'ledger')),
    gitServer(layout, facts.serve),
    alertReceiver(layout, facts.serve),
    alertmanager(layout),
    monitors(layout, facts.serve),
    prometheus(layout),
    envoyBootstrap(layout),
    contour(layout),
    envoy(layout, facts.envoy),
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

/** First whatever would repair or start something, then the runtime, last what the others speak to. */
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
