import type { k8s } from 'cdk8s-plus-27';

/** A peer in a rule of a network policy. */
export class Peer {
  /** All pods of a namespace, selected by the label that Kubernetes sets on every namespace. */
  static namespace(name: string): Peer {
    return new Peer({ namespaceSelector: selectNamespace(name) });
  }

  /** Pods of a namespace, selected by their label `app`. */
  static apps(namespace: string, apps: readonly string[]): Peer {
    return new Peer({
      namespaceSelector: selectNamespace(namespace),
      podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: [...apps] }] },
    });
  }

  /**
   * Addresses outside of the cluster.
   * @param cidr for example 10.0.0.0/8
   * @param except ranges inside of it
   */
  static addresses(cidr: string, except: readonly string[] = []): Peer {
    return new Peer({ ipBlock: { cidr, except: except.length === 0 ? undefined : [...except] } });
  }

  private constructor(
    /** An item of `from` or `to` in a rule. */
    readonly rule: k8s.NetworkPolicyPeer,
  ) {}
}

function selectNamespace(name: string): k8s.LabelSelector {
  return { matchLabels: { 'kubernetes.io/metadata.name': name } };
}
