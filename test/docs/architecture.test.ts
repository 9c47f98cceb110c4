import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { layers, libraryFolders, readFolders, renderLayerPicture } from './layer-picture';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

/** The folders in a folder of the checkout, by path. Hidden folders are left out. */
function foldersIn(path: string): readonly string[] {
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => (path === '' ? name : `${path}/${name}`));
}

test('docs/pictures/layers.svg shows the imports of the sources', () => {
  const path = join(root, 'docs', 'pictures', 'layers.svg');
  const picture = renderLayerPicture(readFolders(root));
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(path, picture);
  }
  expect(readFileSync(path, 'utf8')).toBe(picture);
});

test('every folder below lib has a layer', () => {
  expect([...layers.flat().filter((name) => name.startsWith('lib/'))].sort()).toEqual([...libraryFolders(root)].sort());
});

test('the layers of the picture are those of .dependency-cruiser.cjs', () => {
  const { forbidden } = require(join(root, '.dependency-cruiser.cjs')) as {
    readonly forbidden: readonly { readonly name: string; readonly from: { readonly path?: string } }[];
  };
  const enforced = forbidden
    .filter(({ name }) => name.endsWith(' imports upward') && !name.startsWith('lab'))
    .map(({ from }) => new RegExp(from.path ?? ''));
  expect(enforced).toHaveLength(layers.length);
  layers.forEach((row, index) => {
    expect(row.filter((folder) => !enforced[index]?.test(folder))).toEqual([]);
  });
});

test('no folder imports its own layer or a layer above', () => {
  const levelOf = (name: string) => layers.findIndex((row) => row.includes(name));
  const upward = readFolders(root).flatMap(({ name, imports }) =>
    [...imports].filter((other) => levelOf(other) > levelOf(name)).map((other) => `${name} imports ${other}`),
  );
  expect(upward).toEqual([]);
});

test('ARCHITECTURE.md describes every layer folder', () => {
  expect(layers.flat().filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('ARCHITECTURE.md describes every folder of the checkout and of charts', () => {
  const notInGit = ['node_modules', 'dist', 'cdk.out', 'coverage'];
  const folders = [...foldersIn(''), ...foldersIn('charts')].filter((path) => !notInGit.includes(path));
  expect(folders.length).toBeGreaterThan(20);
  expect(folders.filter((path) => path !== 'lib' && !page.includes(`\`${path}\``))).toEqual([]);
});

test('every path that ARCHITECTURE.md and CONTRIBUTING.md name exists', () => {
  const text = page + readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const paths = [
    ...text.matchAll(
      /`((?:lib|charts|lab|test|docs|tools|bench|bin|examples|templates|catalog|schemas|ledger)\/[\w./-]+)`/g,
    ),
  ].map(([, path = '']) => path);
  expect(paths.length).toBeGreaterThan(40);
  expect([...new Set(paths)].filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
