import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptFiles } from '../../lab/go-modules';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-'));
  mkdirSync(join(folder, 'module', 'crd'), { recursive: true });
  for (const name of ['a', 'b']) {
    writeFileSync(join(folder, 'module', 'crd', name), name, { mode: 0o444 });
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('files of a module are kept whole, and the module is asked for only where one is missing', async () => {
  const asked: string[] = [];
  const source = async () => {
    asked.push('module');
    return join(folder, 'module');
  };
  const kept = join(folder, 'cache', 'module-v1');
  expect(await keptFiles(kept, ['crd/a'], source)).toBe(kept);
  await keptFiles(kept, ['crd/a'], source);
  expect(asked).toHaveLength(1);
  await keptFiles(kept, ['crd/a', 'crd/b'], source);
  expect(asked).toHaveLength(2);
  expect(readdirSync(join(kept, 'crd'))).toEqual(['a', 'b']);
  expect(readFileSync(join(kept, 'crd', 'b'), 'utf8')).toBe('b');
});
