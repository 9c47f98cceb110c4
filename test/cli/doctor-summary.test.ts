import { doctorSummary } from '../../lib/cli/doctor-summary';
import type { ToolState } from '../../lib/tools';

const tool = (name: string, more: Partial<ToolState> = {}): ToolState => ({
  name,
  version: '1',
  purposes: ['demo'],
  present: false,
  installable: true,
  source: `built from ${name}`,
  ...more,
});
const go = tool('go', { installable: false, source: 'go is not on PATH, and must be there already: Go; unpack it' });

test.each([
  ['nothing', [], 'Every tool of the release pipeline is installed.\n'],
  ['one tool', [tool('crane')], '1 tool of the release pipeline is missing: run bowline doctor --install.\n'],
  [
    'two tools',
    [tool('crane'), tool('syft')],
    '2 tools of the release pipeline are missing: run bowline doctor --install.\n',
  ],
  ['a prerequisite', [go], 'go is not on PATH, and must be there already: Go; unpack it.\n'],
  [
    'both',
    [go, tool('crane')],
    'go is not on PATH, and must be there already: Go; unpack it.\n1 tool of the release pipeline is missing: then run bowline doctor --install.\n',
  ],
])('doctor says how to install what is missing: %s', (_, missing, expected) => {
  expect(doctorSummary(missing)).toBe(expected);
});
