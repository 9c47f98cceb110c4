import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Metadata } from '../metadata';
import { patchManifest } from './patch-manifest';
import type { Peer } from './peer';
import type { Port } from './port';

/** Properties of a {@link NetworkPolicy}. */
export interface NetworkPolicyProps {
  readonly metadata: Metadata;
  /** Values of the label `app` of the pods that the policy applies to. */
  readonly apps: readonly string[];
}

/**
 * A network policy that denies all ingress and egress except what is allowed explicitly.
 * It extends the generated kind of cdk8s-plus-27: the construct of the package requires a peer for every port, and writes a rule per peer.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class NetworkPolicy extends k8s.KubeNetworkPolicy {
  private readonly ingress: k8s.NetworkPolicyIngressRule[];
  private readonly egress: k8s.NetworkPolicyEgressRule[];

  constructor(scope: Construct, id: string, props: NetworkPolicyProps) {
    const ingress: k8s.NetworkPolicyIngressRule[] = [];
    const egress: k8s.NetworkPolicyEgressRule[] = [];
    super(scope, id, {
      metadata: props.metadata,
      spec: {
        podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: [...props.apps] }] },
        policyTypes: ['Ingress', 'Egress'],
        ingress,
        egress,
      },
    });
    this.ingress = ingress;
    this.egress = egress;
    patchManifest(this);
  }

  /** Allows peers to connect to ports of the pods. @throws Error if there are no peers */
  allowFrom(peers: readonly Peer[], ...ports: readonly Port[]): void {
    this.ingress.push({ from: peerRules(peers), ports: ports.map((port) => port.rule) });
  }

  /**
   * Allows the pods to connect to peers.
   * @param peers the peers, or `anywhere` for every address
   * @param ports the ports. Default: all
   * @throws Error if the list of peers is empty
   */
  allowTo(peers: readonly Peer[] | 'anywhere', ...ports: readonly Port[]): void {
    this.egress.push({
      // Without `to`, a rule applies to every address.
      to: peers === 'anywhere' ? undefined : peerRules(peers),
      ports: ports.length === 0 ? undefined : ports.map((port) => port.rule),
    });
  }
}

/** @throws Error for an empty list, which Kubernetes would treat as every address */
function peerRules(peers: readonly Peer[]): k8s.NetworkPolicyPeer[] {
  if (peers.length === 0) {
    throw new Error("'peers' must contain at least one peer, got: none, which Kubernetes treats as every address");
  }
  return peers.map((peer) => peer.rule);
}
