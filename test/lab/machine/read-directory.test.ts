import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entriesOf } from '../../../lab/machine/read-directory';
import { groupFolders } from '../../../lab/teardown/leftovers';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'entries-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder that has gone since it was seen holds nothing', () => {
  expect(entriesOf(join(folder, 'gone'))).toEqual([]);
});

test('what is there and can not be read is no empty folder', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => entriesOf(join(folder, 'file'))).toThrow('ENOTDIR');
});

test('groups are told the deepest first, and one that has gone is in nobody’s way', () => {
  mkdirSync(join(folder, 'pod', 'container'), { recursive: true });
  expect(groupFolders(folder)).toEqual([join(folder, 'pod', 'container'), join(folder, 'pod'), folder]);
  expect(groupFolders(join(folder, 'gone'))).toEqual([join(folder, 'gone')]);
});
