import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cgroupTree } from '../../../lab/machine/cgroups';
import { readDirectory } from '../../../lab/machine/read-directory';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'entries-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a directory that no longer exists is empty', () => {
  expect(readDirectory(join(folder, 'gone'))).toEqual([]);
});

test('a path that is not a directory is an error', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => readDirectory(join(folder, 'file'))).toThrow('ENOTDIR');
});

test('lists a tree of control groups deepest first, also if the root no longer exists', () => {
  mkdirSync(join(folder, 'pod', 'container'), { recursive: true });
  expect(cgroupTree(folder)).toEqual([join(folder, 'pod', 'container'), join(folder, 'pod'), folder]);
  expect(cgroupTree(join(folder, 'gone'))).toEqual([join(folder, 'gone')]);
});
