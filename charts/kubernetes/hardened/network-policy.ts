import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Metadata } from '../metadata';
import { correct } from './patch-manifest';
import type { Peer } from './peer';
import type { Port } from './port';

export interface NetworkPolicyProps {
  readonly metadata: Metadata;
  /** Values of the label `app` of the pods that it is about. */
  readonly apps: readonly string[];
}

/**
 * Denies everything, in and out, but what it is told to allow.
 * Of cdk8s-plus-27 the generated kind: its construct can not name a port without a peer, and writes a rule for every peer.
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
    correct(this);
  }

  /** Lets peers call these ports. */
  allowFrom(peers: readonly Peer[], ...ports: readonly Port[]): void {
    this.ingress.push({ from: named(peers), ports: ports.map((port) => port.rule) });
  }

  /** Lets the pods call: peers, or anybody; by these ports, or by any. */
  allowTo(peers: readonly Peer[] | 'anywhere', ...ports: readonly Port[]): void {
    this.egress.push({
      // A rule without peers means all of them.
      ...(peers === 'anywhere' ? {} : { to: named(peers) }),
      ...(ports.length === 0 ? {} : { ports: ports.map((port) => port.rule) }),
    });
  }
}

/** @throws Error for none: Kubernetes would take that for everybody */
function named(peers: readonly Peer[]): k8s.NetworkPolicyPeer[] {
  if (peers.length === 0) {
    throw new Error("'peers' () must name one at least: none would be everybody");
  }
  return peers.map((peer) => peer.rule);
}
