import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the lab keeps and binds everything: folders below one state folder, addresses on loopback or on its own bridge. */
export interface Layout {
  readonly state: string;
  readonly node: { readonly name: string; readonly address: string; readonly bridge: string };
  readonly pods: { readonly bridge: string; readonly cidr: string };
  readonly services: { readonly cidr: string; readonly api: string };
  readonly cgroup: string;
  readonly ports: Readonly<Record<keyof typeof ports, number>>;
  readonly containerd: string;
}

/** On the bridge: pods reach these too. It has an address of its own, so that well-known ports are free on it unless somebody listens on every address. */
const bridgePorts = {
  api: 6443,
  kubelet: 10250,
  dns: 53,
  prometheus: 9090,
  alertmanager: 9093,
  alerts: 9094,
  git: 3080,
  // what the gateway listens on: Contour adds 8000 to ports of listeners below 1024
  gateway: 8080,
} as const;

/** On loopback. */
const loopbackPorts = {
  registry: 5520,
  etcd: 23790,
  etcdPeer: 23800,
  controllerManager: 23801,
  scheduler: 23802,
  proxyHealth: 23803,
  proxyMetrics: 23804,
  kubeletHealth: 23805,
  dnsReady: 23806,
  redis: 23807,
  repoServer: 23808,
  repoServerMetrics: 23809,
  contourXds: 23812,
  contourHealth: 23813,
  contourMetrics: 23814,
  contourDebug: 23815,
  envoyHealth: 23816,
  envoyAdmin: 23817,
  envoyMetrics: 23818,
} as const;

/** Of programs that know no address to listen on, and take them all: rules shut these to all but loopback and the bridges. */
const everywherePorts = { argoMetrics: 23810, flagger: 23811 } as const;

const ports = { ...bridgePorts, ...loopbackPorts, ...everywherePorts } as const;

/** The addresses that a port is listened on; `0.0.0.0` is all of them. */
export function addressesOf(layout: Layout, port: keyof typeof ports): readonly string[] {
  if (port in everywherePorts) {
    return ['0.0.0.0'];
  }
  return [port in bridgePorts ? layout.node.address : '127.0.0.1'];
}

/** The state folder: BOWLINE_STATE, else below the user's own. */
export function stateDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment.XDG_STATE_HOME ?? join(environment.HOME ?? homedir(), '.local', 'state');
  return join(environment.BOWLINE_STATE ?? join(own, 'bowline'), 'lab');
}

/** @throws Error when sockets below the folder would have longer paths than the kernel allows (108 bytes) */
export function layoutOf(state: string): Layout {
  if (Buffer.byteLength(state) > 70) {
    throw new Error(
      `the lab's state folder ${state} has too long a path for the sockets in it: choose a shorter one with BOWLINE_STATE`,
    );
  }
  return {
    state,
    node: { name: 'lab', address: '10.200.0.1', bridge: 'bowline-node' },
    pods: { bridge: 'bowline-pods', cidr: '10.244.0.0/24' },
    services: { cidr: '10.96.0.0/16', api: '10.96.0.1' },
    cgroup: 'bowline-lab',
    ports,
    containerd: join(state, 'containerd.sock'),
  };
}

/** A path below the state folder. */
export function within(layout: Layout, ...parts: readonly string[]): string {
  return join(layout.state, ...parts);
}

/** Environment variable that every process of the lab carries, so that none of them can be overlooked. */
export const marker = 'BOWLINE_LAB';
