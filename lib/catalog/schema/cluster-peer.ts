import { z } from 'zod';
import { isMappedRange } from '../reserved-addresses';
import { addressRangeField, namespaceField } from './fields';

const namespacePeer = { namespace: namespaceField.describe('All pods of a namespace.') };
const addressPeer = {
  cidr: addressRangeField
    .refine((range) => !isMappedRange(range), 'IPv4 addresses written as IPv4, such as 10.0.0.0/8')
    .describe('An IPv4 or IPv6 range.'),
};
const expected = 'a namespace or an address range: { namespace: monitoring } or { cidr: 10.20.0.0/16 }';

/** Pods of a namespace, or addresses, at the other end of an allowed connection. */
export const clusterPeersField = z
  .array(z.union([z.strictObject(namespacePeer), z.strictObject(addressPeer)], { error: expected }))
  .min(1, expected);

const dnsPort = {
  port: z
    .int()
    .min(1, 'a port number from 1 to 65535')
    .max(65535, 'a port number from 1 to 65535')
    .optional()
    .describe('The port of the name server, UDP and TCP. Default: 53.'),
};

/** Name servers: pods of a namespace, or addresses. */
export const nameServersField = z
  .array(
    z.union([z.strictObject({ ...namespacePeer, ...dnsPort }), z.strictObject({ ...addressPeer, ...dnsPort })], {
      error: expected,
    }),
  )
  .min(1, expected);

/**
 * Name servers of common clusters, each harmless where it does not exist: CoreDNS in kube-system; the node-local cache
 * (https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/); and EKS Auto Mode, where CoreDNS runs on the node behind the tenth
 * address of the service range, which is one of two by default (https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html).
 */
export const defaultNameServers: z.output<typeof nameServersField> = [
  { namespace: 'kube-system' },
  { cidr: '169.254.20.10/32' },
  { cidr: '10.100.0.10/32' },
  { cidr: '172.20.0.10/32' },
];
