import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { arrangeRows, type Placed } from './layered-layout';

/** A folder of the source tree with the folders that it imports. */
export interface Folder {
  readonly name: string;
  readonly imports: ReadonlySet<string>;
}

/** The layers of `.dependency-cruiser.cjs`, lowest first. A layer imports only layers below it. */
export const layers: readonly (readonly string[])[] = [
  ['lib/values', 'lib/errors'],
  ['lib/process', 'lib/aws'],
  ['lib/catalog'],
  ['lib/image', 'lib/release', 'lib/rollout'],
  ['lib/gate', 'lib/ledger', 'lib/provenance', 'lib/tools'],
  ['lib/verify'],
  ['lib/steps', 'lib/pipeline', 'charts'],
  ['lib/local', 'lib/bootstrap', 'lib/scaffold'],
  ['lib/cli'],
  ['bin'],
];

/** Reads the imports between the folders from the sources of the checkout. */
export function readFolders(root: string): readonly Folder[] {
  const names = layers.flat();
  return names.map((name) => {
    const files = readdirSync(join(root, name), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(root, name, file));
    const targets = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']*)'/g)].map(([, target = '']) =>
        relative(root, resolve(dirname(file), target)),
      ),
    );
    const imports = names.filter(
      (other) => other !== name && targets.some((target) => target === other || target.startsWith(`${other}/`)),
    );
    return { name, imports: new Set(imports) };
  });
}

/** Folders that exist below lib, for the check that no folder is missing from the layers. */
export function libraryFolders(root: string): readonly string[] {
  return readdirSync(join(root, 'lib'))
    .filter((name) => statSync(join(root, 'lib', name)).isDirectory())
    .map((name) => `lib/${name}`);
}

const box = { width: 130, height: 36 };
const sizes = { element: box.width, lane: 4, gap: 22 };
const rowHeight = 82;
const margin = 24;

/**
 * Renders the layers as a self-contained SVG: a row per layer, a box per folder, a line per import. An import that also leads through another
 * folder is left out, so that the picture stays readable. Lines to the same folder join. Equal sources give equal bytes.
 */
export function renderLayerPicture(folders: readonly Folder[]): string {
  const rows = [...layers].reverse();
  const edges = folders.flatMap(({ name, imports }) =>
    directImports(name, imports, folders).map((other) => ({ from: name, to: other })),
  );
  const { placed, segments } = arrangeRows(rows, edges, sizes);
  const left = Math.min(...placed.map(({ x }) => x)) - box.width / 2 - margin;
  const right = Math.max(...placed.map(({ x }) => x)) + box.width / 2 + margin;
  const width = Math.ceil(right - left);
  const height = margin * 2 + (rows.length - 1) * rowHeight + box.height;
  const xOf = (place: Placed) => Math.round(place.x - left);
  const topOf = (place: Placed) => margin + place.row * rowHeight;
  const lines = segments.map(({ from, to }) => {
    const [x1, y1, x2, y2] = [xOf(from), topOf(from) + box.height, xOf(to), topOf(to)];
    const bend = (y1 + y2) / 2;
    const curve = `M${x1},${y1} C${x1},${bend} ${x2},${bend} ${x2},`;
    return to.isLane
      ? `<path d="${curve}${y2} V${y2 + box.height}" fill="none" stroke="#7b8794"/>`
      : `<path d="${curve}${y2 - 1}" fill="none" stroke="#7b8794" marker-end="url(#head)"/>`;
  });
  const boxes = placed
    .filter(({ isLane }) => !isLane)
    .map((place) => {
      const [x, y] = [xOf(place), topOf(place)];
      return [
        `<rect x="${x - box.width / 2}" y="${y}" width="${box.width}" height="${box.height}" rx="6" fill="#eef4fb" stroke="#7b8794"/>`,
        `<text x="${x}" y="${y + 23}" text-anchor="middle" font-size="13" fill="#1f2933">${place.name}</text>`,
      ].join('');
    });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'DejaVu Sans', sans-serif" role="img">`,
    '<title>Layers of the source tree and the imports between them</title>',
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#7b8794"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...lines,
    ...boxes,
    '</svg>',
    '',
  ].join('\n');
}

/** The imports of a folder that do not also lead through another of its imports. */
function directImports(name: string, imports: ReadonlySet<string>, folders: readonly Folder[]): readonly string[] {
  const importsOf = (folder: string) => folders.find((each) => each.name === folder)?.imports ?? new Set<string>();
  const reaches = (from: string, to: string): boolean =>
    importsOf(from).has(to) || [...importsOf(from)].some((next) => reaches(next, to));
  return [...imports].filter(
    (other) => ![...imports].some((via) => via !== other && via !== name && reaches(via, other)),
  );
}
