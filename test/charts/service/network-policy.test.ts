import type { ServiceInEnvironment } from '../../../lib/catalog';
import { releaseOf, serviceOf } from '../../ledger/fixtures';
import { type RenderedObject, renderServiceObjects } from '../render-catalog';

const policyOf = (changes: Partial<ServiceInEnvironment>) =>
  (
    renderServiceObjects(serviceOf('hello', 'prod', changes), releaseOf('hello', 'prod', 'one')).find(
      ({ kind }) => kind === 'NetworkPolicy',
    ) as RenderedObject
  ).spec;

const namespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
const addresses = (cidr: string) => ({ ipBlock: { cidr } });
const prometheus = 'http://prometheus-operated.monitoring:9090';

/** The peers that may connect to a port. */
const peersOf = (port: number, changes: Partial<ServiceInEnvironment>): readonly object[] =>
  policyOf({ prometheus, ...changes })
    .ingress.filter(({ ports }: { ports: readonly { port: number }[] }) => ports.some((each) => each.port === port))
    .flatMap(({ from }: { from: readonly object[] }) => from);

test('by default, requests come from the namespace of the Gateway, and scrapes from that of Prometheus', () => {
  expect(peersOf(8080, {})).toEqual([namespace('gateway'), namespace('monitoring')]);
});

test.each([
  ['an address', 'http://10.0.0.9:9090', [addresses('10.0.0.9/32')]],
  ['a name without a namespace, which Flagger resolves in its own', 'http://prometheus:9090', [namespace('flagger')]],
  ['the node itself, which no policy can block', 'http://127.0.0.1:9090', []],
])('scrapes of a Prometheus at %s', (_, url, peers) => {
  expect(peersOf(8080, { prometheus: url })).toEqual([namespace('gateway'), ...peers]);
});

test('the load balancer of the Gateway can be address ranges, or another namespace', () => {
  const gatewayFrom = [{ cidr: '10.20.0.0/16' }, { cidr: 'fd00:ec2:80::/64' }, { namespace: 'envoy-gateway-system' }];
  expect(peersOf(8080, { gatewayFrom })).toEqual([
    addresses('10.20.0.0/16'),
    addresses('fd00:ec2:80::/64'),
    namespace('envoy-gateway-system'),
    namespace('monitoring'),
  ]);
});

test('what scrapes can differ from the Prometheus that Flagger queries', () => {
  const changes = { prometheus: 'https://mimir.example.com/prometheus', scrapers: [{ namespace: 'alloy' }] };
  expect(peersOf(8080, changes)).toEqual([namespace('gateway'), namespace('alloy')]);
});

describe('with several ports', () => {
  const { metrics } = serviceOf('hello', 'prod');
  const changes: Partial<ServiceInEnvironment> = {
    ports: [{ name: 'grpc', port: 9090 }],
    metrics: { ...metrics, port: 9100 },
    network: { from: [{ service: 'shop', namespace: 'shop' }], to: [] },
  };
  const shop = {
    ...namespace('shop'),
    podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['shop', 'shop-primary'] }] },
  };

  test('the Gateway reaches the port of the requests alone', () => {
    expect(peersOf(8080, changes)).toEqual([namespace('gateway'), shop]);
  });

  test('what scrapes reaches the port of the metrics alone', () => {
    expect(peersOf(9100, changes)).toEqual([namespace('monitoring')]);
  });

  test('the services that the catalog names reach every named port', () => {
    expect(peersOf(9090, changes)).toEqual([shop]);
  });
});

describe('DNS', () => {
  const dnsOf = (changes: Partial<ServiceInEnvironment>) =>
    policyOf(changes).egress.filter(({ ports }: { ports?: readonly { protocol: string }[] }) =>
      ports?.some(({ protocol }) => protocol === 'UDP'),
    );
  const ports = (port: number) => [
    { protocol: 'UDP', port },
    { protocol: 'TCP', port },
  ];

  test('goes to kube-system for ledgers that do not say', () => {
    expect(dnsOf({})).toEqual([{ to: [namespace('kube-system')], ports: ports(53) }]);
  });

  test('goes to every name server of the platform, each at its port', () => {
    const dns = [{ namespace: 'openshift-dns', port: 5353 }, { cidr: '169.254.20.10/32' }, { namespace: 'dns' }];
    expect(dnsOf({ dns })).toEqual([
      { to: [namespace('openshift-dns')], ports: ports(5353) },
      { to: [addresses('169.254.20.10/32'), namespace('dns')], ports: ports(53) },
    ]);
  });
});
