import { NetworkPolicy } from '../../../../charts/kubernetes/hardened/network-policy';
import { Peer } from '../../../../charts/kubernetes/hardened/peer';
import { Port } from '../../../../charts/kubernetes/hardened/port';
import { synthesizeObject } from '../../synthesize-object';

const policy = (allow: (policy: NetworkPolicy) => void) =>
  synthesizeObject((scope) =>
    allow(new NetworkPolicy(scope, 'Policy', { metadata: { name: 'hello' }, apps: ['hello'] })),
  ).spec;

test('denies everything by default', () => {
  expect(policy(() => {})).toEqual({
    podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['hello'] }] },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [],
    egress: [],
  });
});

test('allows several peers in one rule', () => {
  const peers = [Peer.namespace('gateway'), Peer.apps('shop', ['web'])];
  expect(policy((each) => each.allowFrom(peers, Port.tcp(8080)))).toMatchObject({
    ingress: [
      {
        from: [
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gateway' } } },
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
            podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] },
          },
        ],
        ports: [{ port: 8080, protocol: 'TCP' }],
      },
    ],
  });
});

test('allows a port to any address, a port to an address range, and all ports to a peer', () => {
  const spec = policy((each) => {
    each.allowTo('anywhere', Port.tcp(443));
    each.allowTo([Peer.addresses('10.0.0.0/8')], Port.udp(53));
    each.allowTo([Peer.namespace('kube-system')]);
  });
  expect(spec).toMatchObject({
    egress: [
      { ports: [{ port: 443, protocol: 'TCP' }] },
      { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ port: 53, protocol: 'UDP' }] },
      { to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }] },
    ],
  });
  const [anywhere, , anyPort] = (spec as { egress: readonly object[] }).egress;
  expect(anywhere).not.toHaveProperty('to');
  expect(anyPort).not.toHaveProperty('ports');
});

test.each([0, 65536, 80.5, Number.NaN])('rejects the port %d', (number) => {
  expect(() => Port.tcp(number)).toThrow(`'port' must be a whole number from 1 to 65535, got: ${number}`);
});

test('rejects an empty list of peers, which Kubernetes would treat as every address', () => {
  expect(() => policy((each) => each.allowFrom([], Port.tcp(80)))).toThrow("'peers' must contain at least one peer");
  expect(() => policy((each) => each.allowTo([], Port.tcp(80)))).toThrow("'peers' must contain at least one peer");
});
