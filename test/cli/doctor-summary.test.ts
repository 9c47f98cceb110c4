import { doctorSummary } from '../../lib/cli/doctor-summary';
import type { ToolState } from '../../lib/tools';

const tool = (name: string, more: Partial<ToolState> = {}): ToolState => ({
  name,
  version: '1',
  purposes: ['road'],
  present: false,
  installable: true,
  source: `built from ${name}`,
  ...more,
});
const go = tool('go', { installable: false, source: 'go is not on PATH, and must be there already: Go; unpack it' });

test.each([
  ['nothing', [], 'Everything that the road needs is there.\n'],
  ['one tool', [tool('crane')], '1 tool of the road is missing: bowline doctor --install gets it.\n'],
  [
    'two tools',
    [tool('crane'), tool('syft')],
    '2 tools of the road are missing: bowline doctor --install gets them.\n',
  ],
  ['what must be there already', [go], 'go is not on PATH, and must be there already: Go; unpack it.\n'],
  [
    'both',
    [go, tool('crane')],
    'go is not on PATH, and must be there already: Go; unpack it.\n1 tool of the road is missing: bowline doctor --install gets it then.\n',
  ],
])('doctor ends with what to do where %s is missing', (_, lacking, expected) => {
  expect(doctorSummary(lacking)).toBe(expected);
});
