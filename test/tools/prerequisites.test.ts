import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTools, inspectTools, type ToolState, tools } from '../../lib/tools';
import { findTool, isOfDebian } from '../../lib/tools/location';
import type { DebianTool } from '../../lib/tools/pins';

/** A machine on which PATH leads to this folder alone. */
let bin: string;
let before: NodeJS.ProcessEnv;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'bowline-machine-'));
  before = { ...process.env };
  process.env.PATH = bin;
  process.env.BOWLINE_CACHE = join(bin, 'cache');
});
afterEach(() => {
  process.env = before;
  rmSync(bin, { recursive: true, force: true });
});

function program(name: string, says: string): string {
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\n${says}\n`);
  chmodSync(path, 0o755);
  return path;
}
const stateOf = (name: string) => inspectTools().find((state) => state.name === name) as ToolState;

test('go and python3 are told to be missing in words, with the way out, and nothing is promised', () => {
  expect(stateOf('go')).toMatchObject({
    present: false,
    installable: false,
    source: expect.stringMatching(
      /^go is not on PATH, and must be there already: Go 1\.21 or newer .*https:\/\/go\.dev\/dl/,
    ),
  });
  expect(stateOf('python3')).toMatchObject({
    present: false,
    installable: false,
    source: expect.stringMatching(/^python3 is not on PATH, and must be there already: Python 3\.11 .*apt-get install/),
  });
});

test('they are there in a version that does', () => {
  const go = program('go', 'echo go version go1.26.8 linux/amd64');
  program('python3', 'echo Python 3.11.2');
  expect(stateOf('go')).toMatchObject({ present: true, version: '1.26.8', path: go });
  expect(stateOf('python3')).toMatchObject({ present: true, version: '3.11.2' });
});

test.each([
  ['go', 'echo go version go1.19.8 linux/amd64', '1.19.8'],
  ['python3', 'echo Python 3.13.5', '3.13.5'],
  ['python3', 'exit 1', 'of no version that it tells'],
])('%s is as good as missing where it answers "%s"', (name, says, version) => {
  const path = program(name, says);
  const state = stateOf(name);
  expect(state.present).toBe(false);
  expect(state.source).toContain(`${name} at ${path} is ${version}, and must be there already`);
});

test('where they are missing nothing is installed, and both are told at once', async () => {
  const said: string[] = [];
  const installing = ensureTools('road', { progress: (line) => said.push(line) });
  await expect(installing).rejects.toThrow(/go is not on PATH[\s\S]*python3 is not on PATH/);
  expect(said).toEqual([]);
  expect(existsSync(join(bin, 'cache'))).toBe(false);
  expect(readdirSync(bin)).toEqual([]);
});

test('the road brings what Debian has: git, what environments of Python are made with, and a C compiler with its headers', () => {
  const brought = tools.filter((tool): tool is DebianTool => tool.kind === 'debian' && tool.purposes.includes('road'));
  expect(brought.map((tool) => tool.package)).toEqual(
    expect.arrayContaining(['git', 'python3-venv', 'gcc', 'libc6-dev']),
  );
});

describe('a package of Debian', () => {
  const tool = (program: string, pythonModule?: string): DebianTool => ({
    kind: 'debian',
    name: 'x',
    package: 'x',
    program,
    purposes: [],
    ...(pythonModule === undefined ? {} : { pythonModule }),
  });

  test('is there where its program is elsewhere on PATH', () => {
    const git = program('git', '');
    expect(findTool(tool('/nowhere/bin/git'))).toBe(git);
  });

  test('is not there because of another program that has the name of its plugin or header', () => {
    program('bridge', '');
    program('stdio.h', '');
    expect(findTool(tool('/nowhere/lib/cni/bridge'))).toBeUndefined();
    expect(findTool(tool('/nowhere/include/stdio.h'))).toBeUndefined();
  });

  test('with a module of Python is there where python3 finds the module', () => {
    expect(findTool(tool('/usr/bin/python3', 'ensurepip'))).toBeUndefined();
    program('python3', 'case "$2" in *ensurepip*) echo /python/ensurepip.py;; *) exit 1;; esac');
    expect(findTool(tool('/usr/bin/python3', 'ensurepip'))).toBe('/python/ensurepip.py');
    expect(findTool(tool('/usr/bin/python3', 'other'))).toBeUndefined();
  });

  test.each([
    ['/usr/bin/git', true],
    ['/bin/busybox', true],
    ['/usr/local/bin/git', false],
    ['/opt/git/bin/git', false],
  ])('at %s has a version of Debian: %s', (path, expected) => {
    expect(isOfDebian(path)).toBe(expected);
  });
});
