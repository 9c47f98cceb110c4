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

function loadFailure(directory: string) {
  try {
    loadCatalog(directory);
  } catch (error) {
    return failureOf(error);
  }
  throw new Error('expected loadCatalog to fail');
}

test('a missing catalog folder is bad input, and the message says what to do', () => {
  const missing = join(folder, 'nowhere');
  expect(loadFailure(missing)).toEqual({
    exitCode: 3,
    code: 'input',
    message: `the catalog folder ${missing} does not exist: set --catalog to the folder that contains platform.yaml`,
  });
});

test('a catalog folder without platform.yaml is bad input, and the message says what to do', () => {
  expect(loadFailure(folder)).toEqual({
    exitCode: 3,
    code: 'input',
    message: `${folder} contains no platform.yaml: set --catalog to the folder that contains platform.yaml`,
  });
});

test('a file in place of the services folder is bad input', () => {
  writeFileSync(join(folder, 'platform.yaml'), 'version: 1\n');
  writeFileSync(join(folder, 'services'), '');
  expect(loadFailure(folder)).toMatchObject({ exitCode: 3, message: expect.stringContaining('must be a folder') });
});
