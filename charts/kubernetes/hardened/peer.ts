import type { k8s } from 'cdk8s-plus-27';

/** Whom a network policy speaks about. */
export class Peer {
  /** All pods of a namespace, by the label that Kubernetes itself gives it. */
  static namespace(name: string): Peer {
    return new Peer({ namespaceSelector: inNamespace(name) });
  }

  /** Pods of a namespace by their label `app`. */
  static apps(namespace: string, apps: readonly string[]): Peer {
    return new Peer({
      namespaceSelector: inNamespace(namespace),
      podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: [...apps] }] },
    });
  }

  /** Addresses outside of the cluster. @param cidr such as 10.0.0.0/8 */
  static addresses(cidr: string): Peer {
    return new Peer({ ipBlock: { cidr } });
  }

  private constructor(
    /** As rules of a network policy have it. */
    readonly rule: k8s.NetworkPolicyPeer,
  ) {}
}

function inNamespace(name: string): k8s.LabelSelector {
  return { matchLabels: { 'kubernetes.io/metadata.name': name } };
}
