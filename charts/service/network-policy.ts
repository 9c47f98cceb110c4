import { isIPv4 } from 'node:net';
import type { Construct } from 'constructs';
import type { NetworkPeer, ServiceInEnvironment } from '../../lib/catalog';
import { SyncWave } from '../argocd/sync-wave';
import { NetworkPolicy } from '../kubernetes/hardened/network-policy';
import { Peer } from '../kubernetes/hardened/peer';
import { Port } from '../kubernetes/hardened/port';
import { primaryName } from './metadata';
import { serviceMetadata } from '../kubernetes/metadata';

/**
 * Denies everything but: requests from the gateway and from stated services, scrapes, checks of the load tester where the plan has them;
 * names, traces, and what the service says it calls. Canary and primary alike.
 */
export function networkPolicy(scope: Construct, service: ServiceInEnvironment): NetworkPolicy {
  const policy = new NetworkPolicy(scope, 'NetworkPolicy', {
    metadata: serviceMetadata(service, SyncWave.permissions),
    apps: [service.name, primaryName(service)],
  });
  policy.node.addValidation({ validate: () => unscraped(service) });
  policy.allowFrom(callers(service), Port.tcp(service.port));
  policy.allowTo([Peer.namespace('kube-system')], Port.udp(53), Port.tcp(53));
  allowTraces(policy, service);
  for (const target of service.network.to) {
    if ('cidr' in target) {
      policy.allowTo([Peer.addresses(target.cidr)], Port.tcp(target.port));
    } else {
      policy.allowTo([pods(target)]);
    }
  }
  return policy;
}

function callers(service: ServiceInEnvironment): readonly Peer[] {
  const namespaces = [
    service.gateway.namespace,
    namespaceOfUrl(service.prometheus),
    ...(service.rollback.plan === 'blue-green' ? [namespaceOfUrl(service.loadTester)] : []),
  ].filter((name) => name !== undefined);
  return [
    ...[...new Set(namespaces)].map((name) => Peer.namespace(name)),
    ...scrapingAddress(service),
    ...service.network.from.map(pods),
  ];
}

/** A Prometheus that has an address instead of a name scrapes from it. */
function scrapingAddress({ prometheus }: ServiceInEnvironment): readonly Peer[] {
  const { hostname } = new URL(prometheus);
  return isIPv4(hostname) && !hostname.startsWith('127.') ? [Peer.addresses(`${hostname}/32`)] : [];
}

/** What nobody may scrape fails every check: better no manifests than such. */
function unscraped({ name, namespace, prometheus }: ServiceInEnvironment): string[] {
  const { hostname } = new URL(prometheus);
  return namespaceOfUrl(prometheus) === undefined && hostname.includes('.') && !isIPv4(hostname)
    ? [
        `NetworkPolicy ${namespace}/${name}: delivery.prometheus is ${prometheus}, outside of the cluster, so that no namespace is known whose pods scrape this service, and none might: name the Service of what scrapes, such as http://prometheus-operated.monitoring:9090`,
      ]
    : [];
}

/** Both Deployments of a service: while it rolls out, either may call. */
function pods({ service: name, namespace }: NetworkPeer): Peer {
  return Peer.apps(namespace, [name, primaryName({ name })]);
}

function allowTraces(policy: NetworkPolicy, { tracing }: ServiceInEnvironment): void {
  if (tracing === undefined) {
    return;
  }
  const namespace = namespaceOfUrl(tracing);
  const url = new URL(tracing);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  // Outside of the cluster there is no name to go by, only the port.
  policy.allowTo(namespace === undefined ? 'anywhere' : [Peer.namespace(namespace)], Port.tcp(port));
}

/** The namespace of a URL that names a Service of the cluster: `http://name.namespace[.svc[.cluster.local]]:port`. */
export function namespaceOfUrl(url: string): string | undefined {
  const labels = new URL(url).hostname.split('.');
  const inCluster = labels.length === 2 || labels[2] === 'svc';
  return inCluster && !/^[0-9]+$/.test(labels[1] ?? '') ? labels[1] : undefined;
}
