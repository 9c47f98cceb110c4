import { createServer } from 'node:net';
import { layoutOf } from '../../lab/layout';
import { portConflicts, requireFreePorts } from '../../lab/machine/free-ports';
import { type Listener, ownsSocket, parseListeners, readListeners } from '../../lib/process/listeners';

const layout = layoutOf('/s');
const line = (local: string, state: string, inode: number) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`;
const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

test.each([
  ['one address', '0100C80A:192B', '10.200.0.1', 6443],
  ['every address', '00000000:0035', '0.0.0.0', 53],
  ['every IPv6 address, which includes IPv4', '00000000000000000000000000000000:1F90', '::', 8080],
  ['an IPv4-mapped IPv6 address', '0000000000000000FFFF00000100007F:1590', '127.0.0.1', 5520],
])('parses a listener from the kernel’s table: %s', (_, local, address, port) => {
  expect(parseListeners(head + line(local, '0A', 77), 'tcp')).toEqual([{ protocol: 'tcp', address, port, inode: 77 }]);
});

test('a connection is not a listener', () => {
  expect(parseListeners(head + line('0100C80A:192B', '01', 77), 'tcp')).toEqual([]);
});

const listener = (address: string, port: number, protocol: Listener['protocol'] = 'tcp'): Listener => ({
  protocol,
  address,
  port,
  inode: 1,
});
test.each([
  ['the same address', listener('10.200.0.1', 9090), ['prometheus']],
  ['every address', listener('0.0.0.0', 9090), ['prometheus']],
  ['every address by IPv6', listener('::', 5520), ['registry']],
  ['another address', listener('127.0.0.1', 9090), []],
  ['one address, on a port for which the lab listens on every address', listener('192.168.1.5', 23811), ['flagger']],
  ['a name server on another address', listener('127.0.0.53', 53, 'udp'), []],
  ['a name server on every address', listener('0.0.0.0', 53, 'udp'), ['dns']],
  ['UDP on a TCP port', listener('0.0.0.0', 9090, 'udp'), []],
])('finds listeners that conflict with the lab: %s', (_, taken, ports) => {
  expect(portConflicts(layout, [taken]).map(({ port }) => port)).toEqual(ports);
});

test('finds the process of a socket, and names it if its port conflicts', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  try {
    const ownListeners = readListeners().filter((listening) => listening.port === port);
    expect(ownListeners.map(({ address }) => address)).toEqual(['127.0.0.1']);
    expect(ownsSocket(process.pid, new Set(ownListeners.map(({ inode }) => inode)))).toBe(true);
    expect(ownsSocket(process.pid, new Set([0]))).toBe(false);
    const conflicting = { ...layout, ports: { ...layout.ports, registry: port } };
    expect(() => requireFreePorts(conflicting)).toThrow(
      new RegExp(`process ${process.pid} .* listens on 127.0.0.1:${port}, which the lab needs for registry`),
    );
  } finally {
    server.close();
  }
});
