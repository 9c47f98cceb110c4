import { isIPv4 } from 'node:net';
import type { ClusterPeer } from './cluster-peer';
import { addOnNamespaces } from './schema/delivery';

/**
 * The namespace in a URL of a Service of the cluster: `http://name.namespace[.svc[.cluster.local]]:port`, or `https://name.namespace.svc…`.
 *
 * Two labels alone do not say whether they are a Service or a domain such as honeycomb.io. With `http` they are a
 * Service: traces and metrics do not cross the internet unencrypted. A network policy then denies a domain of that name. With `https` they are a domain.
 */
export function namespaceOfUrl(url: string): string | undefined {
  const { hostname, protocol } = new URL(url);
  const labels = hostname.split('.');
  const isInCluster = labels[2] === 'svc' || (labels.length === 2 && protocol === 'http:');
  return isInCluster && !/^[0-9]+$/.test(labels[1] ?? '') ? labels[1] : undefined;
}

/**
 * What scrapes the services if Prometheus scrapes them itself: the pods of its namespace, or its address.
 * Undefined if the URL leads out of the cluster, because it does not say what scrapes inside.
 * @param prometheus the URL of Prometheus
 */
export function defaultScrapers(prometheus: string): readonly ClusterPeer[] | undefined {
  const { hostname } = new URL(prometheus);
  if (isLoopback(hostname)) {
    // Prometheus on the machine of a local cluster. A network policy cannot block a node from its own pods.
    return [];
  }
  if (isIPv4(hostname)) {
    return [{ cidr: `${hostname}/32` }];
  }
  // A host name without a dot resolves in the namespace of the pod that asks, and Flagger asks Prometheus.
  const namespace = hostname.includes('.') ? namespaceOfUrl(prometheus) : addOnNamespaces.flagger;
  return namespace === undefined ? undefined : [{ namespace }];
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.startsWith('127.');
}
