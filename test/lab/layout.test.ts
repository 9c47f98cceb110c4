import { layoutOf, stateDirectory } from '../../lab/layout';
import { rules, rulesOfIpv6 } from '../../lab/machine/network';

test.each([
  [{ BOWLINE_STATE: '/s' }, '/s/lab'],
  [{ XDG_STATE_HOME: '/x' }, '/x/bowline/lab'],
  [{ HOME: '/home/me' }, '/home/me/.local/state/bowline/lab'],
])('the state lies outside of the checkout: %j', (environment, expected) => {
  expect(stateDirectory(environment)).toBe(expected);
});

test('no two components listen on one port', () => {
  const ports = Object.values(layoutOf('/s').ports);
  expect(new Set(ports).size).toBe(ports.length);
});

test('a folder whose sockets would have too long a path is refused with the way out', () => {
  expect(() => layoutOf(`/${'x'.repeat(80)}`)).toThrow('choose a shorter one with BOWLINE_STATE');
});

test.each([
  ['IPv4', rules],
  ['IPv6', rulesOfIpv6],
])('ports of components that listen everywhere are shut from outside: %s', (_, of) => {
  const layout = layoutOf('/s');
  const range = of(layout).flatMap(({ rule }) => rule.filter((word) => /^\d+:\d+$/.test(word)));
  const [first = 0, last = 0] = (range[0] ?? '').split(':').map(Number);
  for (const port of [layout.ports.flagger, layout.ports.argoMetrics]) {
    expect(port >= first && port <= last).toBe(true);
  }
});
