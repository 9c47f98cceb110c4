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
])('the pinned version of %s is %s', (name, version) => {
  expect(versionOf(name)).toBe(version);
});

test('the version of a Python tool is the one of its package, in any order of the pins', () => {
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

test('every Python tool pins its own package', () => {
  for (const tool of tools.filter((each) => each.kind === 'python')) {
    expect([tool.name, pinnedVersion(tool, pins)]).toEqual([tool.name, expect.stringMatching(/^[0-9]+\./)]);
  }
});

test('a Debian tool has the version of its package when it is installed', () => {
  const states = inspectTools();
  const runc = states.find(({ name }) => name === 'runc');
  expect(runc?.version).toMatch(runc?.present ? /^[0-9]\S*$/ : /^from Debian$/);
  expect(states.filter(({ version }) => version === 'Debian')).toEqual([]);
});

describe('a version that is set at link time', () => {
  const stamped = tools.filter((tool): tool is GoTool => tool.kind === 'go' && tool.stamps !== undefined);
  // All tools of a module have the same stamps.
  const onePerModule = stamped.filter(
    ({ module }, index) => stamped.findIndex((tool) => tool.module === module) === index,
  );
  const stamps = onePerModule.flatMap((tool) =>
    Object.entries(tool.stamps ?? {}).map(([variable, value]) => ({ tool, variable, value })),
  );
  /** The pinned version of the module that has a variable: for a program of ours, the variable's module; otherwise the compiled one. */
  const pinned = ({ tool, variable }: (typeof stamps)[number]) =>
    moduleVersion(
      readFileSync(join(pins, 'go', tool.module, 'go.mod'), 'utf8'),
      tool.package.startsWith('./') ? variable : tool.package,
    );
  const stampsMatching = (pattern: RegExp) =>
    stamps
      .filter(({ variable }) => pattern.test(variable))
      .map((stamp) => [`${stamp.variable} of ${stamp.tool.name}`, stamp] as const);

  test('is the same for all tools of a module', () => {
    for (const tool of stamped) {
      expect(tool.stamps).toEqual(onePerModule.find(({ module }) => module === tool.module)?.stamps);
    }
  });

  test('is set for each tool that does not know its version otherwise', () => {
    expect([...new Set(stamped.map(({ module }) => module))].sort()).toEqual(['argocd', 'grype', 'kubernetes', 'syft']);
  });

  test.each(stampsMatching(/\.(?:version|gitVersion)$/))('is the pinned version: %s', (_, stamp) => {
    expect(`v${stamp.value.replace(/^v/, '')}`).toBe(pinned(stamp));
  });

  test.each(stampsMatching(/\.gitMajor$/))('is the pinned version: %s', (_, stamp) => {
    expect(stamp.value).toBe(/^v([0-9]+)\./.exec(pinned(stamp))?.[1]);
  });

  test.each(stampsMatching(/\.gitMinor$/))('is the pinned version: %s', (_, stamp) => {
    expect(stamp.value).toBe(/^v[0-9]+\.([0-9]+)\./.exec(pinned(stamp))?.[1]);
  });
});
