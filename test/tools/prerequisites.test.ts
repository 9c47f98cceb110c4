import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTools, inspectTools, type ToolState, tools } from '../../lib/tools';
import { findTool, isDebianPath } from '../../lib/tools/location';
import type { DebianTool } from '../../lib/tools/pins';

/** The only folder on PATH. */
let bin: string;
let originalEnvironment: NodeJS.ProcessEnv;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'bowline-machine-'));
  originalEnvironment = { ...process.env };
  process.env.PATH = bin;
  process.env.BOWLINE_CACHE = join(bin, 'cache');
});
afterEach(() => {
  process.env = originalEnvironment;
  rmSync(bin, { recursive: true, force: true });
});

function writeProgram(name: string, command: string): string {
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\n${command}\n`);
  chmodSync(path, 0o755);
  return path;
}
const stateOf = (name: string) => inspectTools().find((state) => state.name === name) as ToolState;

test('doctor says how to install a missing go or python3, and does not offer to install it', () => {
  expect(stateOf('go')).toMatchObject({
    present: false,
    installable: false,
    source: expect.stringMatching(/^go is not on PATH\. Bowline needs Go 1\.21 or newer .*https:\/\/go\.dev\/dl/),
  });
  expect(stateOf('python3')).toMatchObject({
    present: false,
    installable: false,
    source: expect.stringMatching(/^python3 is not on PATH\. Bowline needs Python 3\.11 .*apt-get install/),
  });
});

test('go and python3 are installed in a supported version', () => {
  const go = writeProgram('go', 'echo go version go1.26.8 linux/amd64');
  writeProgram('python3', 'echo Python 3.11.2');
  expect(stateOf('go')).toMatchObject({ present: true, version: '1.26.8', path: go });
  expect(stateOf('python3')).toMatchObject({ present: true, version: '3.11.2' });
});

test.each([
  ['go', 'echo go version go1.19.8 linux/amd64', '1.19.8'],
  ['python3', 'echo Python 3.13.5', '3.13.5'],
  ['python3', 'exit 1', undefined],
])('%s is missing when it prints "%s"', (name, command, version) => {
  const path = writeProgram(name, command);
  const state = stateOf(name);
  expect(state.present).toBe(false);
  const found = version === undefined ? 'prints no version' : `is version ${version}`;
  expect(state.source).toContain(`${name} at ${path} ${found}. Bowline needs`);
});

test('nothing is installed when prerequisites are missing, and the error names all of them', async () => {
  const lines: string[] = [];
  const installing = ensureTools('demo', { progress: (line) => lines.push(line) });
  await expect(installing).rejects.toThrow(/go is not on PATH[\s\S]*python3 is not on PATH/);
  expect(lines).toEqual([]);
  expect(existsSync(join(bin, 'cache'))).toBe(false);
  expect(readdirSync(bin)).toEqual([]);
});

test('the demo installs git, python3-venv and a C compiler with its headers from Debian', () => {
  const debian = tools.filter((tool): tool is DebianTool => tool.kind === 'debian' && tool.purposes.includes('demo'));
  expect(debian.map((tool) => tool.package)).toEqual(
    expect.arrayContaining(['git', 'python3-venv', 'gcc', 'libc6-dev']),
  );
});

describe('a Debian package', () => {
  const tool = (program: string, pythonModule?: string): DebianTool => ({
    kind: 'debian',
    name: 'x',
    package: 'x',
    program,
    purposes: [],
    pythonModule,
  });

  test('counts as installed when its program is elsewhere on PATH', () => {
    const git = writeProgram('git', '');
    expect(findTool(tool('/nowhere/bin/git'))).toBe(git);
  });

  test('does not count as installed because of a program with the name of its plugin or header', () => {
    writeProgram('bridge', '');
    writeProgram('stdio.h', '');
    expect(findTool(tool('/nowhere/lib/cni/bridge'))).toBeUndefined();
    expect(findTool(tool('/nowhere/include/stdio.h'))).toBeUndefined();
  });

  test('with a Python module counts as installed when python3 finds the module', () => {
    expect(findTool(tool('/usr/bin/python3', 'ensurepip'))).toBeUndefined();
    writeProgram('python3', 'case "$2" in *ensurepip*) echo /python/ensurepip.py;; *) exit 1;; esac');
    expect(findTool(tool('/usr/bin/python3', 'ensurepip'))).toBe('/python/ensurepip.py');
    expect(findTool(tool('/usr/bin/python3', 'other'))).toBeUndefined();
  });

  test.each([
    ['/usr/bin/git', true],
    ['/bin/busybox', true],
    ['/usr/local/bin/git', false],
    ['/opt/git/bin/git', false],
  ])('at %s has the version of the Debian package: %s', (path, expected) => {
    expect(isDebianPath(path)).toBe(expected);
  });
});
