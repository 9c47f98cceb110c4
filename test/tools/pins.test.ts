import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectTools, tools } from '../../lib/tools';
import { pinFiles, pinKey } from '../../lib/tools/location';
import { moduleVersion } from '../../lib/tools/pinned-version';
import type { GoTool, PythonTool } from '../../lib/tools/pins';

const pins = join(__dirname, '..', '..', 'tools');
const built = tools.filter((tool): tool is GoTool | PythonTool => tool.kind !== 'debian');

test('the pin files of every tool exist', () => {
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

test('every module in tools/go belongs to a tool', () => {
  const modules = new Set(built.map((tool) => (tool.kind === 'go' ? tool.module : tool.name)));
  // These pin sources of resource definitions, and nothing compiles them.
  const sources = ['resources', 'manifest-schemas'];
  const folders = readdirSync(join(pins, 'go')).filter((name) => !modules.has(name) && !sources.includes(name));
  expect(folders).toEqual([]);
});

test.each([
  ['grype', 'github.com/anchore/grype'],
  ['trivy', 'github.com/aquasecurity/trivy-db'],
])('the fixture database of %s has the schema of the pinned scanner: the same version of %s', (scanner, module) => {
  const [database, own] = ['vulnerability-databases', scanner].map((folder) =>
    moduleVersion(readFileSync(join(pins, 'go', folder, 'go.mod'), 'utf8'), module),
  );
  expect(database).toMatch(/^v/);
  expect(database).toBe(own);
});

describe('the cache key of a tool', () => {
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
    ['vulnerability-databases', 'go/vulnerability-databases/vulnerability-databases/main.go'],
    ['local-aws', 'python/local-aws.txt'],
  ])('for %s changes with %s', (name, file) => {
    const before = pinKey(named(name), copy);
    appendFileSync(join(copy, file), '\n# changed\n');
    expect(pinKey(named(name), copy)).not.toBe(before);
  });

  test('does not change with the pins of another tool, the purposes or the build time', () => {
    const before = pinKey(named('crane'), copy);
    appendFileSync(join(copy, 'go/syft/go.sum'), '\n');
    expect(pinKey({ ...named('crane'), purposes: [], seconds: 1 }, copy)).toBe(before);
  });

  test('does not change with the package that has its version', () => {
    const local = built.find(({ name }) => name === 'local-aws') as PythonTool;
    expect(pinKey({ ...local, distribution: 'other' }, copy)).toBe(pinKey({ ...local, distribution: undefined }, copy));
  });

  test('changes with the build options', () => {
    const crane = named('crane');
    expect(pinKey({ ...crane, tags: 'other' }, copy)).not.toBe(pinKey(crane, copy));
  });
});

test('doctor reports a version of every tool, and how to install it', () => {
  for (const state of inspectTools()) {
    expect(state.version).not.toBe('');
    expect(state.source).toMatch(state.installable ? /built from|Debian package|Python packages/ : /Bowline needs/);
  }
});
