import { layoutOf } from '../../../lab/layout';
import { networksOverlap, parseNetwork, parseRoutes, requireFreeNetworks } from '../../../lab/machine/routes';

const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
const route = (device: string, destination: string, mask: string) =>
  `${device}\t${destination}\t00000000\t0001\t0\t0\t0\t${mask}\t0\t0\t0\n`;

test('parses a route from the kernel’s table', () => {
  expect(parseRoutes(head + route('eth0', '000200C0', '00FFFFFF'))).toEqual([
    { device: 'eth0', ...parseNetwork('192.0.2.0/24') },
  ]);
});

test.each([
  ['10.0.0.0/8', '10.244.0.0/24', true],
  ['10.96.4.0/24', '10.96.0.0/16', true],
  ['10.97.0.0/16', '10.96.0.0/16', false],
  ['10.200.0.0/24', '10.200.0.0/24', true],
  ['192.168.0.0/16', '10.200.0.0/24', false],
])('whether %s and %s networksOverlap', (a, b, expected) => {
  expect(networksOverlap(parseNetwork(a), parseNetwork(b))).toBe(expected);
  expect(networksOverlap(parseNetwork(b), parseNetwork(a))).toBe(expected);
});

const layout = layoutOf('/s');

test('reports a foreign route into the lab’s networks', () => {
  expect(() => requireFreeNetworks(layout, head + route('tun0', '0000000A', '000000FF'))).toThrow(
    'tun0 has a route into',
  );
  expect(() => requireFreeNetworks(layout, head + route('docker1', '0000F40A', '00FFFFFF'))).toThrow('10.244.0.0/24');
});

test('the lab’s own routes and the default route do not conflict', () => {
  const table = head + route('bowline-pods', '0000F40A', '00FFFFFF') + route('eth0', '00000000', '00000000');
  expect(() => requireFreeNetworks(layout, table)).not.toThrow();
});
