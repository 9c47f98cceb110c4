import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

test.each([
  ['a service', 'services/shop.yaml'],
  ['the platform', 'platform.yaml'],
  ['the accepted risks', 'accepted-risks.yaml'],
])('a folder, a pipe or a broken link in place of the file of %s is bad input with its path', (_, name) => {
  const place = join(folder, name);
  mkdirSync(join(folder, 'services'), { recursive: true });
  if (name !== 'platform.yaml') {
    cpSync(join(__dirname, '..', '..', 'catalog', 'platform.yaml'), join(folder, 'platform.yaml'));
  }
  mkdirSync(place);
  const expected = (what: string) => ({
    exitCode: 3,
    code: 'input',
    message: `${place} is ${what}, expected a YAML file of the catalog: remove or rename it`,
  });
  expect(loadFailure(folder)).toEqual(expected('a folder'));
  rmSync(place, { recursive: true });
  execFileSync('mkfifo', [place]);
  expect(loadFailure(folder)).toEqual(expected('no regular file'));
  rmSync(place);
  if (name === 'services/shop.yaml') {
    symlinkSync(join(folder, 'nowhere'), place);
    expect(loadFailure(folder)).toEqual(expected('a link to nothing'));
  }
});
