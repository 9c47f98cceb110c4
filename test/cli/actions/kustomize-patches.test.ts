import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { findKustomizeParts } from '../../../lib/cli/actions/kustomize-patches';

const scratch = mkdtempSync(join(tmpdir(), 'bowline-kustomize-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let trees = 0;
/** Writes a tree of files, and gives the paths of those that are parts of objects. */
function partsOf(files: Readonly<Record<string, string>>, checked: readonly string[] = Object.keys(files)) {
  const folder = join(scratch, `tree-${++trees}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return [...findKustomizeParts(checked.map((path) => join(folder, path)))].map((path) => relative(folder, path));
}

const object = 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\n';
const overlay = (fields: string) => ({
  'base/all.yaml': object,
  'base/kustomization.yaml': 'resources: [all.yaml]\n',
  'overlays/prod/canary.yaml': object,
  'overlays/prod/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../../base]\n${fields}`,
});

test.each([
  ['patches', 'patches: [{ path: canary.yaml }]\n'],
  ['patches with a target', 'patches: [{ path: ./canary.yaml, target: { kind: Canary } }]\n'],
  ['patches in the old form', 'patches: [canary.yaml]\n'],
  ['patchesStrategicMerge', 'patchesStrategicMerge: [canary.yaml]\n'],
  ['patchesJson6902', 'patchesJson6902: [{ path: canary.yaml, target: { kind: Canary, name: web } }]\n'],
  ['replacements', 'replacements: [{ path: canary.yaml }]\n'],
])('files under %s are parts, in the whole tree and alone', (_, fields) => {
  expect(partsOf(overlay(fields))).toEqual(['overlays/prod/canary.yaml']);
  expect(partsOf(overlay(fields), ['overlays/prod/canary.yaml'])).toEqual(['overlays/prod/canary.yaml']);
});

test.each(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])(
  'the file %s counts, also above the checked folder',
  (name) => {
    const files = { [`web/${name}`]: 'patches: [{ path: patches/canary.yaml }]\n', 'web/patches/canary.yaml': object };
    expect(partsOf(files, ['web/patches/canary.yaml'])).toEqual(['web/patches/canary.yaml']);
  },
);

test('the files below a component are parts, except for its kustomization', () => {
  const component =
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{ path: threshold.yaml }]\n';
  expect(
    partsOf({
      ...overlay('components: [../../components/strict]\n'),
      'components/strict/kustomization.yaml': component,
      'components/strict/threshold.yaml': object,
      'components/strict/more/other.yaml': object,
      'components/strictly/canary.yaml': object,
    }),
  ).toEqual(['components/strict/threshold.yaml', 'components/strict/more/other.yaml']);
});

test('other files are whole: without a patch, as resources of another kustomization, with inline patches, under a broken kustomization', () => {
  expect(partsOf(overlay(''))).toEqual([]);
  const elsewhere = { 'overlays/kustomization.yaml': 'resources: [prod/canary.yaml]\n' };
  expect(partsOf({ ...overlay('patches: [{ path: canary.yaml }]\n'), ...elsewhere })).toEqual([]);
  expect(
    partsOf(overlay('patches: [{ patch: "kind: Canary" }]\npatchesStrategicMerge: ["kind: Canary\\n"]\n')),
  ).toEqual([]);
  expect(partsOf(overlay('patches: [{\n'))).toEqual([]);
});

test('a Kustomization of Flux names no files', () => {
  const flux =
    'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: web }\npatches: [{ path: all.yaml }]\n';
  expect(partsOf({ 'kustomization.yaml': flux, 'all.yaml': object })).toEqual([]);
});

test('a named pipe or a folder in place of a kustomization names nothing', () => {
  const folder = join(scratch, 'pipe');
  mkdirSync(join(folder, 'inner', 'kustomization.yaml'), { recursive: true });
  writeFileSync(join(folder, 'inner', 'a.yaml'), object);
  execFileSync('mkfifo', [join(folder, 'kustomization.yaml')]);
  expect([...findKustomizeParts([join(folder, 'inner', 'a.yaml')])]).toEqual([]);
});
