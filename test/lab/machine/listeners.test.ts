import { createServer } from 'node:net';
import { layoutOf } from '../../../lab/layout';
import { portsTaken, requireFreePorts } from '../../../lab/machine/free-ports';
import { holdsSocket, type Listener, listeners, listenersIn } from '../../../lab/machine/listeners';

const layout = layoutOf('/s');
const line = (local: string, state: string, inode: number) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`;
const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

test.each([
  ['one address', '0100C80A:192B', '10.200.0.1', 6443],
  ['every address', '00000000:0035', '0.0.0.0', 53],
  ['every address of IPv6, which is IPv4 too', '00000000000000000000000000000000:1F90', '::', 8080],
  ['IPv4 in the clothes of IPv6', '0000000000000000FFFF00000100007F:1590', '127.0.0.1', 5520],
])('a listener is read from the kernel’s table: %s', (_, local, address, port) => {
  expect(listenersIn(head + line(local, '0A', 77), 'tcp')).toEqual([{ protocol: 'tcp', address, port, inode: 77 }]);
});

test('a connection is no listener', () => {
  expect(listenersIn(head + line('0100C80A:192B', '01', 77), 'tcp')).toEqual([]);
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
  ['an address of its own, where the lab listens on all', listener('192.168.1.5', 23811), ['flagger']],
  ['a name server of another address', listener('127.0.0.53', 53, 'udp'), []],
  ['a name server of every address', listener('0.0.0.0', 53, 'udp'), ['dns']],
  ['UDP at a port of TCP', listener('0.0.0.0', 9090, 'udp'), []],
])('what is in the way of the lab: %s', (_, taken, ports) => {
  expect(portsTaken(layout, [taken]).map(({ port }) => port)).toEqual(ports);
});

test('a socket is found with the process that holds it, and that process is named where it is in the way', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  try {
    const found = listeners().filter((each) => each.port === port);
    expect(found.map(({ address }) => address)).toEqual(['127.0.0.1']);
    expect(holdsSocket(process.pid, new Set(found.map(({ inode }) => inode)))).toBe(true);
    expect(holdsSocket(process.pid, new Set([0]))).toBe(false);
    const moved = { ...layout, ports: { ...layout.ports, registry: port } };
    expect(() => requireFreePorts(moved)).toThrow(
      new RegExp(`process ${process.pid} .* listens on 127.0.0.1:${port}, which the lab needs for registry`),
    );
  } finally {
    server.close();
  }
});
