import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFiles } from '../../lab/go-modules';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-'));
  mkdirSync(join(folder, 'module', 'crd'), { recursive: true });
  for (const name of ['a', 'b']) {
    writeFileSync(join(folder, 'module', 'crd', name), name, { mode: 0o444 });
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('caches files of a module, and requests the module only if a file is missing', async () => {
  const requests: string[] = [];
  const source = async () => {
    requests.push('module');
    return join(folder, 'module');
  };
  const kept = join(folder, 'cache', 'module-v1');
  expect(await cacheFiles(kept, ['crd/a'], source)).toBe(kept);
  await cacheFiles(kept, ['crd/a'], source);
  expect(requests).toHaveLength(1);
  await cacheFiles(kept, ['crd/a', 'crd/b'], source);
  expect(requests).toHaveLength(2);
  expect(readdirSync(join(kept, 'crd'))).toEqual(['a', 'b']);
  expect(readFileSync(join(kept, 'crd', 'b'), 'utf8')).toBe('b');
});
