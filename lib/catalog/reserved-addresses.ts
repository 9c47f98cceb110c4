import { containsRange, type ParsedAddressRange, parseAddressRange } from '../values';

/** Ranges that give the credentials of the machine, or another pod's, to whoever can connect to them. No service calls them. */
const reserved: Readonly<Record<string, string>> = {
  '169.254.0.0/16':
    'link-local addresses: the instance metadata service at 169.254.169.254 gives out the credentials of the node, and 169.254.170.2 those of a task',
  '100.100.100.200/32': 'the instance metadata service of Alibaba Cloud',
  'fe80::/10': 'link-local addresses, among them the instance metadata service of OpenStack',
  'fd00:ec2::/64': 'the instance metadata service of AWS, fd00:ec2::254, gives out the credentials of the node',
  'fd20:ce::254/128': 'the instance metadata service of Google Cloud',
  '::ffff:169.254.0.0/112': 'link-local addresses of IPv4, written as IPv6',
  '::ffff:100.100.100.200/128': 'the instance metadata service of Alibaba Cloud, written as IPv6',
  '64:ff9b::169.254.0.0/112': 'link-local addresses of IPv4, behind NAT64',
};

/**
 * Ranges in them that a service may name. The agent of EKS Pod Identity answers only a pod with a token and an association of its own
 * (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html). VPC Lattice serves other services
 * (https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html).
 */
const allowed = ['169.254.170.23/32', 'fd00:ec2::23/128', '169.254.171.0/24'].map(parsed);

/** Why no service may be allowed to connect to a range: it is inside a reserved one. Undefined if it may. */
export function reservedReason(cidr: string): string | undefined {
  const range = parseAddressRange(cidr);
  if (range === undefined || allowed.some((each) => containsRange(each, range))) {
    return undefined;
  }
  return Object.entries(reserved).find(([each]) => containsRange(parsed(each), range))?.[1];
}

/** The reserved ranges inside a range, which a rule for the range must leave out. */
export function reservedWithin(cidr: string): readonly string[] {
  const range = parseAddressRange(cidr);
  return range === undefined
    ? []
    : Object.keys(reserved).filter((each) => containsRange(range, parsed(each)) && parsed(each).prefix > range.prefix);
}

function parsed(cidr: string): ParsedAddressRange {
  const range = parseAddressRange(cidr);
  if (range === undefined) {
    throw new Error(`${cidr} is not an address range`);
  }
  return range;
}
