import { readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { describeProblem, parseCatalog, reservedReason, reservedWithin } from '../../lib/catalog';
import { type RenderedObject, renderServiceObjects } from '../charts/render-catalog';
import { releaseOf, serviceOf } from '../ledger/fixtures';

/** Addresses that give out credentials. */
const version4 = ['169.254.169.254', '169.254.170.2', '169.254.170.23', '100.100.100.200'] as const;
const version6 = ['fd00:ec2::254', 'fd00:ec2::23', 'fe80::a9fe:a9fe', 'fd20:ce::254'] as const;
/** Addresses of IPv4 that are written as IPv6. A packet to them is an IPv4 packet. */
const mappedAddresses = ['::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '::ffff:10.0.0.1', '::ffff:0:0'] as const;
const metadata = [
  ...version4.map((address) => ({ address, family: 'ipv4' as const })),
  ...version6.map((address) => ({ address, family: 'ipv6' as const })),
];

interface IpBlock {
  readonly cidr: string;
  readonly except?: readonly string[];
}

function listOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix] = cidr.split('/');
    list.addSubnet(address, Number(prefix), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
/** Whether a rule of a network policy selects an address, as Kubernetes defines it. */
const selects = ({ cidr, except = [] }: IpBlock, address: string, family: 'ipv4' | 'ipv6') =>
  // BlockList treats an IPv4-mapped address as IPv4: compare within one family only.
  cidr.includes(':') === (family === 'ipv6') &&
  listOf([cidr]).check(address, family) &&
  !listOf(except).check(address, family);

function egressOf(to: readonly { cidr: string; port: number }[], more = {}): readonly IpBlock[] {
  const objects = renderServiceObjects(
    serviceOf('hello', 'prod', { network: { from: [], to }, dns: [], ...more }),
    releaseOf('hello', 'prod', 'one'),
  );
  const { spec } = objects.find(({ kind }) => kind === 'NetworkPolicy') as RenderedObject;
  return spec.egress.flatMap((rule: { to?: readonly { ipBlock?: IpBlock }[] }) =>
    (rule.to ?? [{ ipBlock: { cidr: '0.0.0.0/0' } }]).flatMap(({ ipBlock }) => ipBlock ?? []),
  );
}

/** Ranges of every size, many of them around the addresses that give out credentials. */
const range4 = fc
  .tuple(fc.oneof(fc.constantFrom(...version4), fc.ipV4(), fc.constant('169.254.3.4')), fc.integer({ min: 0, max: 32 }))
  .map(([address, prefix]) => `${address}/${prefix}`);
const range6 = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...version6),
      fc.ipV6(),
      fc.constantFrom(...mappedAddresses),
      fc.constant('64:ff9b::169.254.169.254'),
    ),
    fc.integer({ min: 0, max: 128 }),
  )
  .map(([address, prefix]) => `${address}/${prefix}`);

const platform = readFileSync(join(__dirname, '../../catalog/platform.yaml'), 'utf8');
const problemsOf = (cidr: string) => {
  const text = `version: 1\nname: hello\nteam: storefront\nsource: { repository: acme/hello }\nnetwork:\n  to:\n    - { cidr: "${cidr}", port: 80 }\n`;
  const result = parseCatalog({ file: 'platform.yaml', text: platform }, [{ file: 'hello.yaml', text }]);
  return result.ok ? [] : result.problems;
};

test('no range of the catalog lets a service reach the metadata service of the machine', () => {
  fc.assert(
    fc.property(fc.oneof(range4, range6), (cidr) => {
      // What check catalog rejects can still be in an old ledger.
      const blocks = egressOf([{ cidr, port: 80 }]);
      const agent = ['169.254.170.23', 'fd00:ec2::23'];
      for (const { address, family } of metadata) {
        const named = agent.includes(address) && [`${address}/32`, `${address}/128`].includes(cidr);
        expect({ cidr, address, selected: blocks.some((block) => selects(block, address, family)) }).toEqual({
          cidr,
          address,
          selected: named,
        });
      }
    }),
    { numRuns: 120 },
  );
});

test('a range is rejected exactly if nothing of it would be left', () => {
  fc.assert(
    fc.property(fc.oneof(range4, range6), (cidr) => {
      const rejected = problemsOf(cidr).map(({ code }) => code);
      expect(rejected).toEqual(egressOf([{ cidr, port: 80 }]).length === 0 ? ['reserved-addresses'] : []);
    }),
    { numRuns: 80 },
  );
});

test('every exception is strictly inside its range, as Kubernetes demands', () => {
  fc.assert(
    fc.property(fc.oneof(range4, range6), (cidr) => {
      const prefix = Number(cidr.split('/')[1]);
      for (const except of reservedWithin(cidr)) {
        expect(Number(except.split('/')[1])).toBeGreaterThan(prefix);
        expect(except.includes(':')).toBe(cidr.includes(':'));
        const [first = ''] = except.split('/');
        expect(listOf([cidr]).check(first, except.includes(':') ? 'ipv6' : 'ipv4')).toBe(true);
      }
    }),
    { numRuns: 120 },
  );
});

test('no IPv4-mapped range is rendered: Kubernetes takes it for IPv4, which is inside no IPv6 range', () => {
  const isMapped = (cidr: string) => listOf(['0.0.0.0/0']).check(cidr.split('/')[0] ?? '', 'ipv6');
  fc.assert(
    fc.property(range6, (cidr) => {
      expect(reservedWithin(cidr).filter(isMapped)).toEqual([]);
    }),
  );
  expect(mappedAddresses.map((address) => reservedReason(`${address}/128`) !== undefined)).not.toContain(false);
  expect(egressOf([{ cidr: '::/0', port: 443 }])).toEqual([
    { cidr: '::/0', except: ['fe80::/10', 'fd00:ec2::/64', 'fd20:ce::254/128', '64:ff9b::169.254.0.0/112'] },
  ]);
  const traces = egressOf([], { tracing: 'https://traces.example.com' });
  expect(traces.flatMap(({ except = [] }) => except).filter(isMapped)).toEqual([]);
});

test('an IPv4 range that is written as IPv6 is rejected with the remedy', () => {
  expect(problemsOf('::ffff:10.0.0.0/104').map(describeProblem)).toEqual([
    expect.stringContaining('write the range as IPv4'),
  ]);
});

test('the rest of a range stays reachable', () => {
  expect(egressOf([{ cidr: '0.0.0.0/0', port: 443 }])).toEqual([
    { cidr: '0.0.0.0/0', except: ['169.254.0.0/16', '100.100.100.200/32'] },
  ]);
  expect(egressOf([{ cidr: '10.0.0.0/8', port: 5432 }])).toEqual([{ cidr: '10.0.0.0/8' }]);
  expect(egressOf([{ cidr: 'fd00::/8', port: 5432 }])).toEqual([
    { cidr: 'fd00::/8', except: ['fd00:ec2::/64', 'fd20:ce::254/128'] },
  ]);
});

test('traces to a host outside of the cluster reach every address but those', () => {
  const blocks = egressOf([], { tracing: 'http://traces.example.com/v1' });
  expect(metadata.filter(({ address, family }) => blocks.some((block) => selects(block, address, family)))).toEqual([]);
  expect(blocks.some((block) => selects(block, '203.0.113.9', 'ipv4'))).toBe(true);
  expect(blocks.some((block) => selects(block, '2001:db8::9', 'ipv6'))).toBe(true);
});

test.each([
  '169.254.169.254/32',
  '169.254.169.0/24',
  '169.254.0.0/16',
  '169.254.170.2/32',
  '169.254.170.0/24',
  '169.254.170.23/31',
  'fd00:ec2::254/128',
  'fd00:ec2::/64',
  'fe80::/64',
  '::ffff:169.254.169.254/128',
  '::ffff:a9fe:a9fe/128',
  '64:ff9b::a9fe:a9fe/128',
  '100.100.100.200/32',
  '0169.254.169.254/32',
])('%s is rejected', (cidr) => {
  expect(problemsOf(cidr)).not.toEqual([]);
});

test.each([
  '10.0.0.0/8',
  '0.0.0.0/0',
  '::/0',
  '169.254.170.23/32',
  'fd00:ec2::23/128',
  '169.254.171.0/24',
  'fd00:ec2:80::/64',
  '169.253.0.0/16',
  '169.254.0.0/15',
])('%s is accepted', (cidr) => {
  expect(problemsOf(cidr)).toEqual([]);
  expect(reservedReason(cidr)).toBeUndefined();
});

test('the error says which addresses, why, and what to write instead', () => {
  expect(problemsOf('169.254.169.254/32').map(describeProblem)).toEqual([
    'hello.yaml:7:15 network.to.0.cidr: found "169.254.169.254/32", expected a range without reserved addresses (link-local addresses: the instance metadata service at 169.254.169.254 gives out the credentials of the node, and 169.254.170.2 those of a task). For access to AWS, set role, or name the agent of EKS Pod Identity, 169.254.170.23/32',
  ]);
});
