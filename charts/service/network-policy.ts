import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { NetworkPeer, ServiceInEnvironment } from '../../lib/catalog';
import { primaryName, serviceLabels } from '../kubernetes/labels';
import { argocd } from '../kubernetes/manifest';

/**
 * Denies everything but: requests from the gateway and from stated services, scrapes, checks of the load tester where the plan has them;
 * names, traces, and what the service says it calls. Canary and primary alike.
 */
export function networkPolicy(scope: Construct, service: ServiceInEnvironment): ApiObject {
  return new ApiObject(scope, 'NetworkPolicy', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: service.name,
      namespace: service.namespace,
      labels: serviceLabels(service),
      annotations: argocd.wave(-2),
    },
    spec: {
      podSelector: {
        matchExpressions: [{ key: 'app', operator: 'In', values: [service.name, primaryName(service)] }],
      },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: callers(service), ports: [tcp(service.port)] }],
      egress: [names, ...traces(service), ...called(service)],
    },
  });
}

const tcp = (port: number) => ({ protocol: 'TCP', port });

const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });

function callers(service: ServiceInEnvironment): readonly object[] {
  const namespaces = [
    service.gateway.namespace,
    namespaceOfUrl(service.prometheus),
    ...(service.rollback.plan === 'blue-green' ? [namespaceOfUrl(service.loadTester)] : []),
  ].filter((name) => name !== undefined);
  return [...[...new Set(namespaces)].map(inNamespace), ...service.network.from.map(pods)];
}

/** Both Deployments of a service: while it rolls out, either may call. */
function pods({ service: name, namespace }: NetworkPeer): object {
  return {
    ...inNamespace(namespace),
    podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: [name, primaryName({ name })] }] },
  };
}

const names = {
  to: [inNamespace('kube-system')],
  ports: [{ protocol: 'UDP', port: 53 }, tcp(53)],
};

function traces({ tracing }: ServiceInEnvironment): readonly object[] {
  if (tracing === undefined) {
    return [];
  }
  const namespace = namespaceOfUrl(tracing);
  const url = new URL(tracing);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  // Outside of the cluster there is no name to go by, only the port.
  return [{ ...(namespace === undefined ? {} : { to: [inNamespace(namespace)] }), ports: [tcp(port)] }];
}

function called({ network }: ServiceInEnvironment): readonly object[] {
  return network.to.map((target) =>
    'cidr' in target ? { to: [{ ipBlock: { cidr: target.cidr } }], ports: [tcp(target.port)] } : { to: [pods(target)] },
  );
}

/** The namespace of a URL that names a Service of the cluster: `http://name.namespace[.svc[.cluster.local]]:port`. */
export function namespaceOfUrl(url: string): string | undefined {
  const labels = new URL(url).hostname.split('.');
  const inCluster = labels.length === 2 || labels[2] === 'svc';
  return inCluster && !/^[0-9]+$/.test(labels[1] ?? '') ? labels[1] : undefined;
}
