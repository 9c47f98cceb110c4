import { isIPv4 } from 'node:net';
import type { Construct } from 'constructs';
import type { NetworkPeer, ServiceInEnvironment } from '../../lib/catalog';
import { SyncWave } from '../argocd/sync-wave';
import { NetworkPolicy } from '../kubernetes/hardened/network-policy';
import { Peer } from '../kubernetes/hardened/peer';
import { Port } from '../kubernetes/hardened/port';
import { primaryName, serviceMetadata } from './metadata';

/**
 * Denies all traffic of canary and primary except:
 * - in: requests from the gateway and from the services that the catalog names, scrapes, and the load tester if the plan uses it;
 * - out: DNS, traces, and the peers that the catalog names.
 */
export function networkPolicy(scope: Construct, service: ServiceInEnvironment): NetworkPolicy {
  const policy = new NetworkPolicy(scope, 'NetworkPolicy', {
    metadata: serviceMetadata(service, SyncWave.permissions),
    apps: [service.name, primaryName(service)],
  });
  policy.node.addValidation({ validate: () => validatePrometheusAccess(service) });
  policy.allowFrom(ingressPeers(service), Port.tcp(service.port));
  policy.allowTo([Peer.namespace('kube-system')], Port.udp(53), Port.tcp(53));
  allowTraces(policy, service);
  for (const target of service.network.to) {
    if ('cidr' in target) {
      policy.allowTo([Peer.addresses(target.cidr)], Port.tcp(target.port));
    } else {
      policy.allowTo([podsOf(target)]);
    }
  }
  return policy;
}

/** Peers that may call the service. */
function ingressPeers(service: ServiceInEnvironment): readonly Peer[] {
  const namespaces = [
    service.gateway.namespace,
    namespaceOfUrl(service.prometheus),
    ...(service.rollback.plan === 'blue-green' ? [namespaceOfUrl(service.loadTester)] : []),
  ].filter((name) => name !== undefined);
  return [
    ...[...new Set(namespaces)].map((name) => Peer.namespace(name)),
    ...prometheusAddress(service),
    ...service.network.from.map(podsOf),
  ];
}

/** If the URL of Prometheus is an IP address, scrapes come from that address. */
function prometheusAddress({ prometheus }: ServiceInEnvironment): readonly Peer[] {
  const { hostname } = new URL(prometheus);
  return isIPv4(hostname) && !hostname.startsWith('127.') ? [Peer.addresses(`${hostname}/32`)] : [];
}

/** Rejects a Prometheus whose scrapes the policy would deny: without metrics, every check of every release would fail. */
function validatePrometheusAccess({ name, namespace, prometheus }: ServiceInEnvironment): string[] {
  const { hostname } = new URL(prometheus);
  const isOutsideCluster = namespaceOfUrl(prometheus) === undefined && hostname.includes('.') && !isIPv4(hostname);
  return isOutsideCluster
    ? [
        `NetworkPolicy ${namespace}/${name}: delivery.prometheus is ${prometheus}, outside of the cluster, so the namespace of the pods that scrape this service is unknown and the policy would deny them. Use the URL of a Service in the cluster, for example http://prometheus-operated.monitoring:9090`,
      ]
    : [];
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
  policy.allowTo(namespace === undefined ? 'anywhere' : [Peer.namespace(namespace)], Port.tcp(port));
}

/** The namespace in a URL of a Service of the cluster: `http://name.namespace[.svc[.cluster.local]]:port`. */
export function namespaceOfUrl(url: string): string | undefined {
  const labels = new URL(url).hostname.split('.');
  const isInCluster = labels.length === 2 || labels[2] === 'svc';
  return isInCluster && !/^[0-9]+$/.test(labels[1] ?? '') ? labels[1] : undefined;
}
