import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectTools, tools } from '../../lib/tools';
import { pinFiles, pinKey } from '../../lib/tools/location';
import type { GoTool, PythonTool } from '../../lib/tools/pins';

const pins = join(__dirname, '..', '..', 'tools');
const built = tools.filter((tool): tool is GoTool | PythonTool => tool.kind !== 'debian');

test('every tool is pinned by files that there are', () => {
  expect(built.flatMap((tool) => pinFiles(tool, pins)).filter((file) => !existsSync(join(pins, file)))).toEqual([]);
});

test('every Python package is pinned by version and hash', () => {
  for (const tool of tools.filter(({ kind }) => kind === 'python')) {
    const lines = readFileSync(join(pins, 'python', `${tool.name}.txt`), 'utf8').split('\n');
    const requirements = lines.filter((line) => /^[A-Za-z]/.test(line));
    expect(requirements.length).toBeGreaterThan(0);
    expect(requirements.filter((line) => !/^[\w.[\],-]+==\S+/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.includes('--hash=sha256:')).length).toBeGreaterThanOrEqual(requirements.length);
  }
});

test('no folder of pins is without a tool', () => {
  const used = new Set(built.map((tool) => (tool.kind === 'go' ? tool.module : tool.name)));
  const sources = ['resources'];
  const folders = readdirSync(join(pins, 'go')).filter((name) => !used.has(name) && !sources.includes(name));
  expect(folders).toEqual([]);
});

describe('the key of a tool', () => {
  let copy: string;
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'bowline-pins-'));
    for (const folder of ['go', 'python']) {
      cpSync(join(pins, folder), join(copy, folder), { recursive: true });
    }
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));
  const named = (name: string) => built.find((tool) => tool.name === name) as GoTool;

  test.each([
    ['crane', 'go/crane/go.sum'],
    ['crane', 'go/crane/go.mod'],
    ['vulnerability-database', 'go/grype/vulnerability-database/main.go'],
    ['local-aws', 'python/local-aws.txt'],
  ])('of %s changes with %s', (name, file) => {
    const before = pinKey(named(name), copy);
    appendFileSync(join(copy, file), '\n# changed\n');
    expect(pinKey(named(name), copy)).not.toBe(before);
  });

  test('does not change with what another tool is pinned by, with its purposes or its time', () => {
    const before = pinKey(named('crane'), copy);
    appendFileSync(join(copy, 'go/syft/go.sum'), '\n');
    expect(pinKey({ ...named('crane'), purposes: [], seconds: 1 }, copy)).toBe(before);
  });

  test('does not change with the package that its version is read of', () => {
    const local = built.find(({ name }) => name === 'local-aws') as PythonTool;
    expect(pinKey({ ...local, distribution: 'other' }, copy)).toBe(pinKey({ ...local, distribution: undefined }, copy));
  });

  test('changes with how the tool is compiled', () => {
    const crane = named('crane');
    expect(pinKey({ ...crane, tags: 'other' }, copy)).not.toBe(pinKey(crane, copy));
  });
});

test('doctor knows a version for every tool, and a way to have what is missing', () => {
  for (const state of inspectTools()) {
    expect(state.version).not.toBe('');
    expect(state.source).toMatch(
      state.installable ? /built from|Debian package|Python packages/ : /must be there already/,
    );
  }
});
