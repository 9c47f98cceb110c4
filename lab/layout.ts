import { homedir } from 'node:os';
import { join } from 'node:path';

/** Paths and addresses of the lab: everything is below one state directory, and on loopback or on the lab's own bridges. */
export interface Layout {
  readonly state: string;
  readonly node: { readonly name: string; readonly address: string; readonly bridge: string };
  readonly pods: { readonly bridge: string; readonly cidr: string };
  readonly services: { readonly cidr: string; readonly api: string };
  readonly cgroup: string;
  readonly ports: Readonly<Record<keyof typeof ports, number>>;
  readonly containerd: string;
}

/** On the node's bridge, where pods reach them too. Well-known ports are free on its address unless a process listens on every address. */
const bridgePorts = {
  api: 6443,
  kubelet: 10250,
  dns: 53,
  prometheus: 9090,
  alertmanager: 9093,
  alerts: 9094,
  git: 3080,
  // The Gateway listener has port 80: Contour adds 8000 to ports below 1024.
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

/** On every address: these programs have no option for a listen address. Firewall rules allow only loopback and the lab's bridges. */
const wildcardPorts = { argoMetrics: 23810, flagger: 23811 } as const;

const ports = { ...bridgePorts, ...loopbackPorts, ...wildcardPorts } as const;

/** The addresses on which a port listens; `0.0.0.0` means all. */
export function addressesOf(layout: Layout, port: keyof typeof ports): readonly string[] {
  if (port in wildcardPorts) {
    return ['0.0.0.0'];
  }
  return [port in bridgePorts ? layout.node.address : '127.0.0.1'];
}

const maximumStateLength = 70;

/** The state directory: below BOWLINE_STATE, or below the user's state directory. */
export function stateDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const userState = environment.XDG_STATE_HOME ?? join(environment.HOME ?? homedir(), '.local', 'state');
  return join(environment.BOWLINE_STATE ?? join(userState, 'bowline'), 'lab');
}

/** @throws Error if socket paths below the directory would exceed the kernel's limit of 108 bytes */
export function layoutOf(state: string): Layout {
  const length = Buffer.byteLength(state);
  if (length > maximumStateLength) {
    throw new Error(
      `the path of the lab's state directory ${state} has ${length} bytes, the limit is ${maximumStateLength}: set BOWLINE_STATE to a shorter path`,
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

/** A path below the state directory. */
export function within(layout: Layout, ...parts: readonly string[]): string {
  return join(layout.state, ...parts);
}

/** Environment variable of every process of the lab except pods. The teardown finds processes by it. */
export const marker = 'BOWLINE_LAB';
