import { containsRange, type ParsedAddressRange, parseAddressRange } from '../values';

/** Ranges that give the credentials of the machine, or another pod's, to whoever can connect to them. No service calls them. */
const reserved: Readonly<Record<string, string>> = {
  '169.254.0.0/16':
    'link-local addresses: the instance metadata service at 169.254.169.254 gives out the credentials of the node, and 169.254.170.2 those of a task',
  '100.100.100.200/32': 'the instance metadata service of Alibaba Cloud',
  'fe80::/10': 'link-local addresses, among them the instance metadata service of OpenStack',
  'fd00:ec2::/64': 'the instance metadata service of AWS, fd00:ec2::254, gives out the credentials of the node',
  'fd20:ce::254/128': 'the instance metadata service of Google Cloud',
  '64:ff9b::169.254.0.0/112': 'link-local addresses of IPv4, behind NAT64',
};

/**
 * IPv6 addresses that stand for IPv4 ones (RFC 4291 section 2.5.5.2). Packets to them are IPv4 packets, to which only IPv4 ranges of a network
 * policy apply. Kubernetes takes such a range for IPv4, which is never inside an IPv6 one (ValidateIPBlock, net.IPNet.Contains).
 */
const mapped = '::ffff:0:0/96';

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
  return isMappedRange(cidr)
    ? 'IPv4 addresses written as IPv6, which no network policy compares with packets: write the range as IPv4'
    : Object.entries(reserved).find(([each]) => containsRange(parsed(each), range))?.[1];
}

/** Whether a range consists of IPv4 addresses that are written as IPv6, such as `::ffff:10.0.0.0/104`. */
export function isMappedRange(cidr: string): boolean {
  const range = parseAddressRange(cidr);
  return range !== undefined && containsRange(parsed(mapped), range);
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
