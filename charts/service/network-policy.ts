import type { Construct } from 'constructs';
import {
  type ClusterPeer,
  defaultScrapers,
  type NetworkPeer,
  namespaceOfUrl,
  reservedReason,
  reservedWithin,
  type ServiceInEnvironment,
} from '../../lib/catalog';
import { SyncWave } from '../argocd/sync-wave';
import { NetworkPolicy } from '../kubernetes/hardened/network-policy';
import { Peer } from '../kubernetes/hardened/peer';
import { Port } from '../kubernetes/hardened/port';
import { primaryName, serviceMetadata } from './metadata';

/** The name servers that ledgers without the field were rendered with. */
const clusterDns = [{ namespace: 'kube-system' }] as const;

/** The agent of EKS Pod Identity on every node (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html). */
const podIdentityAgent = '169.254.170.23/32';

/** A rule without peers would include the instance metadata service. */
const everyAddress = ['0.0.0.0/0', '::/0'] as const;

/** Peers that may connect to the same ports. */
interface Ingress {
  readonly peers: readonly Peer[];
  readonly ports: readonly number[];
}

/**
 * Denies all traffic of canary and primary except:
 * - in: requests from the Gateway and from the services that the catalog names, scrapes, and the load tester if the plan uses it;
 * - out: DNS, traces, AWS if the service has a role, and the peers that the catalog names.
 */
export function networkPolicy(scope: Construct, service: ServiceInEnvironment): NetworkPolicy {
  const policy = new NetworkPolicy(scope, 'NetworkPolicy', {
    metadata: serviceMetadata(service, SyncWave.permissions),
    apps: [service.name, primaryName(service)],
  });
  for (const { peers, ports } of mergeByPorts(allowedIngress(service))) {
    policy.allowFrom(peers, ...ports.map((port) => Port.tcp(port)));
  }
  allowDns(policy, service);
  allowTraces(policy, service);
  allowAws(policy, service);
  for (const target of service.network.to) {
    if ('cidr' in target) {
      // Ledgers that were written before the catalog rejected such ranges may contain them.
      if (reservedReason(target.cidr) === undefined) {
        policy.allowTo([addresses(target.cidr)], Port.tcp(target.port));
      }
    } else {
      policy.allowTo([podsOf(target)]);
    }
  }
  return policy;
}

/** Who may connect to which ports. The kubelet needs no rule: a policy cannot block a node from its own pods. */
function allowedIngress(service: ServiceInEnvironment): readonly Ingress[] {
  const { port, ports = [], gateway, gatewayFrom = [{ namespace: gateway.namespace }] } = service;
  const { scrapers = defaultScrapers(service.prometheus) ?? [] } = service;
  const loadTester = service.rollback.plan === 'blue-green' ? namespaceOfUrl(service.loadTester) : undefined;
  return [
    { peers: gatewayFrom.map(toPeer), ports: [port] },
    { peers: scrapers.map(toPeer), ports: [service.metrics.port] },
    { peers: loadTester === undefined ? [] : [Peer.namespace(loadTester)], ports: [port] },
    { peers: service.network.from.map(podsOf), ports: [port, ...ports.map((extra) => extra.port)] },
  ];
}

/** One rule for all peers with the same ports, each peer once. */
function mergeByPorts(rules: readonly Ingress[]): readonly Ingress[] {
  const merged = new Map<string, { readonly peers: Map<string, Peer>; readonly ports: readonly number[] }>();
  for (const { peers, ports } of rules) {
    const key = ports.join();
    const group = merged.get(key) ?? { peers: new Map<string, Peer>(), ports };
    for (const peer of peers) {
      group.peers.set(JSON.stringify(peer.rule), peer);
    }
    merged.set(key, group);
  }
  return [...merged.values()]
    .map(({ peers, ports }) => ({ peers: [...peers.values()], ports }))
    .filter(({ peers }) => peers.length > 0);
}

function toPeer(peer: ClusterPeer): Peer {
  return 'cidr' in peer ? Peer.addresses(peer.cidr) : Peer.namespace(peer.namespace);
}

/** Name servers with the same port share a rule. */
function allowDns(policy: NetworkPolicy, { dns = clusterDns }: ServiceInEnvironment): void {
  const byPort = new Map<number, Peer[]>();
  for (const server of dns) {
    const port = ('port' in server ? server.port : undefined) ?? 53;
    byPort.set(port, [...(byPort.get(port) ?? []), toPeer(server)]);
  }
  for (const [port, peers] of byPort) {
    policy.allowTo(peers, Port.udp(port), Port.tcp(port));
  }
}

/** A policy cannot select the endpoints of AWS by name, so HTTPS is allowed to any address. No metadata service listens on its port. */
function allowAws(policy: NetworkPolicy, { role }: ServiceInEnvironment): void {
  if (role !== undefined) {
    policy.allowTo('anywhere', Port.tcp(443));
    policy.allowTo([Peer.addresses(podIdentityAgent)], Port.tcp(80));
  }
}

/** The pods of both Deployments of a service: during a rollout, canary and primary both make and receive calls. */
function podsOf({ service: name, namespace }: NetworkPeer): Peer {
  return Peer.apps(namespace, [name, primaryName({ name })]);
}

function allowTraces(policy: NetworkPolicy, { tracing }: ServiceInEnvironment): void {
  if (tracing === undefined) {
    return;
  }
  const namespace = namespaceOfUrl(tracing);
  const url = new URL(tracing);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  // A policy cannot select a host outside of the cluster by name, so it allows the port to any address.
  policy.allowTo(namespace === undefined ? everyAddress.map(addresses) : [Peer.namespace(namespace)], Port.tcp(port));
}

/** A range without the reserved addresses in it, such as that of the instance metadata service. */
function addresses(cidr: string): Peer {
  return Peer.addresses(cidr, reservedWithin(cidr));
}
