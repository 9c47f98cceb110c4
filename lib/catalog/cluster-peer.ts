/** Pods of a namespace, or addresses, at the other end of an allowed connection. */
export type ClusterPeer = { readonly namespace: string } | { readonly cidr: string };

/** A name server. Its port is 53 by default. */
export type NameServer = ClusterPeer & { readonly port?: number };
