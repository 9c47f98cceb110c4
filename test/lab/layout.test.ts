import { layoutOf, stateDirectory } from '../../lab/layout';
import { labRules } from '../../lab/machine/firewall-rules';

test.each([
  [{ BOWLINE_STATE: '/s' }, '/s/lab'],
  [{ XDG_STATE_HOME: '/x' }, '/x/bowline/lab'],
  [{ HOME: '/home/me' }, '/home/me/.local/state/bowline/lab'],
])('the state directory is outside the checkout: %j', (environment, expected) => {
  expect(stateDirectory(environment)).toBe(expected);
});

test('every component has its own port', () => {
  const ports = Object.values(layoutOf('/s').ports);
  expect(new Set(ports).size).toBe(ports.length);
});

test('rejects a state directory whose socket paths would be too long, and says what to set', () => {
  expect(() => layoutOf(`/${'x'.repeat(80)}`)).toThrow('set BOWLINE_STATE to a shorter path');
});

test.each([['iptables'], ['ip6tables']] as const)(
  '%s closes the ports of components that listen on every address',
  (family) => {
    const layout = layoutOf('/s');
    const range = labRules(layout, family).flatMap(({ rule }) => rule.filter((word) => /^\d+:\d+$/.test(word)));
    const [first = 0, last = 0] = (range[0] ?? '').split(':').map(Number);
    for (const port of [layout.ports.flagger, layout.ports.argoMetrics]) {
      expect(port >= first && port <= last).toBe(true);
    }
  },
);
