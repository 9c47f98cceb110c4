import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectTools, toolNamed, tools } from '../../lib/tools';
import { moduleVersion, pinnedVersion } from '../../lib/tools/pinned-version';
import type { GoTool, PythonTool } from '../../lib/tools/pins';

const pins = join(__dirname, '..', '..', 'tools');
const versionOf = (name: string) => pinnedVersion(toolNamed(name) as GoTool | PythonTool, pins);

test.each([
  ['checkov', '3.3.30'],
  ['local-aws', '5.2.5'],
  ['envoy', '1.40.0'],
  ['cosign', 'v3.1.3'],
  ['kubelet', 'v1.34.4'],
])('doctor says of %s that it is %s', (name, version) => {
  expect(versionOf(name)).toBe(version);
});

test('the version of a Python tool is its own, whatever package stands first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bowline-versions-'));
  try {
    mkdirSync(join(folder, 'python'));
    writeFileSync(
      join(folder, 'python', 'checkov.txt'),
      '# checkov==0.0.0\ncfn-lint==1.0.0 \\\n    --hash=sha256:00\ncheckov-more==2.0.0 \\\n    --hash=sha256:00\ncheckov==3.0.0 \\\n    --hash=sha256:00\n',
    );
    expect(pinnedVersion(toolNamed('checkov') as PythonTool, folder)).toBe('3.0.0');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every Python tool has its package among its pins', () => {
  for (const tool of tools.filter((each) => each.kind === 'python')) {
    expect([tool.name, pinnedVersion(tool, pins)]).toEqual([tool.name, expect.stringMatching(/^[0-9]+\./)]);
  }
});

test("a Debian tool that is there has its package's version, one that is not says so", () => {
  const states = inspectTools();
  const runc = states.find(({ name }) => name === 'runc');
  expect(runc?.version).toMatch(runc?.present ? /^[0-9]\S*$/ : /^Debian's$/);
  expect(states.filter(({ version }) => version === 'Debian')).toEqual([]);
});

describe('a version that is linked into a tool', () => {
  const stamped = tools.filter((tool): tool is GoTool => tool.kind === 'go' && tool.stamps !== undefined);
  // Parts of one module are linked alike.
  const ofModules = stamped.filter(
    ({ module }, index) => stamped.findIndex((tool) => tool.module === module) === index,
  );
  const stamps = ofModules.flatMap((tool) =>
    Object.entries(tool.stamps ?? {}).map(([variable, value]) => ({ tool, variable, value })),
  );
  /** What the pins say of the program that a variable belongs to: its own module for a program of ours, else the one that is compiled. */
  const pinned = ({ tool, variable }: (typeof stamps)[number]) =>
    moduleVersion(
      readFileSync(join(pins, 'go', tool.module, 'go.mod'), 'utf8'),
      tool.package.startsWith('./') ? variable : tool.package,
    );
  const named = (pattern: RegExp) =>
    stamps
      .filter(({ variable }) => pattern.test(variable))
      .map((stamp) => [`${stamp.variable} of ${stamp.tool.name}`, stamp] as const);

  test('is the same for all tools of a module', () => {
    for (const tool of stamped) {
      expect(tool.stamps).toEqual(ofModules.find(({ module }) => module === tool.module)?.stamps);
    }
  });

  test('is there for each tool that would not know its own', () => {
    expect([...new Set(stamped.map(({ module }) => module))].sort()).toEqual(['argocd', 'grype', 'kubernetes', 'syft']);
  });

  test.each(named(/\.(?:version|gitVersion)$/))('is the pinned one: %s', (_, stamp) => {
    expect(`v${stamp.value.replace(/^v/, '')}`).toBe(pinned(stamp));
  });

  test.each(named(/\.gitMajor$/))('is the pinned one: %s', (_, stamp) => {
    expect(stamp.value).toBe(/^v([0-9]+)\./.exec(pinned(stamp))?.[1]);
  });

  test.each(named(/\.gitMinor$/))('is the pinned one: %s', (_, stamp) => {
    expect(stamp.value).toBe(/^v[0-9]+\.([0-9]+)\./.exec(pinned(stamp))?.[1]);
  });
});
