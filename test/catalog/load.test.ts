import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalog } from '../../lib/catalog';
import { failureOf } from '../../lib/cli/fail';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowline-catalog-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function failureIn(directory: string) {
  try {
    loadCatalog(directory);
  } catch (error) {
    return failureOf(error);
  }
  throw new Error('it was loaded');
}

test('a catalog folder that is not there is bad input, with the way out', () => {
  const missing = join(folder, 'nowhere');
  expect(failureIn(missing)).toEqual({
    exitCode: 3,
    code: 'input',
    message: `there is no catalog folder ${missing}: name the one that holds platform.yaml with --catalog`,
  });
});

test('a catalog folder without platform.yaml is bad input, with the way out', () => {
  expect(failureIn(folder)).toEqual({
    exitCode: 3,
    code: 'input',
    message: `there is no platform.yaml in ${folder}: name the catalog's folder with --catalog`,
  });
});

test('a file in the place of the folder of services is bad input', () => {
  writeFileSync(join(folder, 'platform.yaml'), 'version: 1\n');
  writeFileSync(join(folder, 'services'), '');
  expect(failureIn(folder)).toMatchObject({ exitCode: 3, message: expect.stringContaining('must be a folder') });
});
