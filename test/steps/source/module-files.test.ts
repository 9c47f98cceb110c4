import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SourceFacts } from '../../../lib/image';
import { hashModuleFiles } from '../../../lib/steps/source/module-files';
import { digestOf } from '../../../lib/values';

let checkout: string;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'bowline-module-files-'));
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

const write = (...paths: readonly string[]) => {
  for (const path of paths) {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), path);
  }
};
const facts = (changes: Partial<SourceFacts>) =>
  ({
    mode: 'module',
    module: { path: 'example.com/api', directory: 'api', hasSum: true },
    localModules: [
      { path: 'example.com/api', directory: 'api', kind: 'main', hasSum: true, needed: true },
      { path: 'example.com/shared', directory: 'shared', kind: 'replacement', hasSum: false, needed: true },
      { path: 'example.com/unused', directory: 'unused', kind: 'workspace', hasSum: false, needed: false },
    ],
    replacements: [],
    links: [],
    ...changes,
  }) as unknown as SourceFacts;

test('hashes the files of the modules that are built', () => {
  write('api/go.mod', 'api/go.sum', 'shared/go.mod', 'unused/go.mod', 'go.work');
  expect(hashModuleFiles(checkout, facts({}))).toEqual({
    'api/go.mod': digestOf('api/go.mod'),
    'api/go.sum': digestOf('api/go.sum'),
    'shared/go.mod': digestOf('shared/go.mod'),
  });
});

test('hashes the files of a workspace and of its vendor folder', () => {
  write('api/go.mod', 'go.work', 'go.work.sum', 'vendor/modules.txt');
  const workspace = { file: 'go.work', directory: '.', hasSum: true, uses: ['api'], usesModule: true };
  const vendor = { directory: 'vendor', problems: [] };
  expect(Object.keys(hashModuleFiles(checkout, facts({ mode: 'workspace-vendor', workspace, vendor })))).toEqual([
    'api/go.mod',
    'go.work',
    'go.work.sum',
    'vendor/modules.txt',
  ]);
  expect(Object.keys(hashModuleFiles(checkout, facts({ mode: 'module', workspace, vendor })))).toEqual(['api/go.mod']);
});

test('follows no link, which could lead out of the source', () => {
  write('api/go.mod', 'secret');
  symlinkSync(join(checkout, 'secret'), join(checkout, 'api', 'go.sum'));
  expect(Object.keys(hashModuleFiles(checkout, facts({})))).toEqual(['api/go.mod']);
});
