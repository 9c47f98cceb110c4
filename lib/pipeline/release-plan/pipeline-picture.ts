import type { PipelineStep } from '../names';
import type { PlannedAction, PlannedStage } from './release-plan';

const box = { width: 172, height: 62, gap: 24 };
const margin = 24;
const boxesPerRow = 5;
const color = {
  text: '#1f2933',
  mutedText: '#616e7c',
  line: '#7b8794',
  aws: '#eef4fb',
  git: '#fdf6e3',
  cluster: '#edf7f0',
};

/**
 * Renders a release plan as a self-contained SVG: the actions of the pipeline in order, what each adds to the release record, and how the ledger
 * connects the pipeline with the cluster. Equal plans give equal bytes.
 */
export function renderPipelinePicture(stages: readonly PlannedStage[]): string {
  const boxes = stages.flatMap(({ actions }) => actions.filter(({ kind }) => kind !== 'bundle').map(actionBox));
  const rows = Array.from({ length: Math.ceil(boxes.length / boxesPerRow) }, (_, row) =>
    boxes.slice(row * boxesPerRow, (row + 1) * boxesPerRow),
  );
  const width = margin * 2 + boxesPerRow * box.width + (boxesPerRow - 1) * box.gap + 20;
  const pipelineHeight = 24 + rows.length * rowHeight;
  const pipelineBottom = margin + pipelineHeight;
  const clusterTop = pipelineBottom + 46;
  const height = clusterTop + 134 + margin;
  const parts = [
    renderBand({
      x: margin,
      y: margin,
      width: width - 2 * margin,
      height: pipelineHeight,
      fill: color.aws,
      title: 'AWS: one CodePipeline per service',
    }),
    ...rows.flatMap((row, index) => renderRow(row, index, index === rows.length - 1)),
    ...renderLedgerAndCluster({ width, top: clusterTop, pipelineBottom }),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'DejaVu Sans', sans-serif" role="img">`,
    '<title>Release pipeline</title>',
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0,0 L8,4 L0,8 z" fill="#7b8794"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

interface Box {
  readonly title: string;
  /** What the action adds to the release. */
  readonly adds: string;
}

function actionBox(action: PlannedAction): Box {
  switch (action.kind) {
    case 'step':
      return { title: action.name, adds: stepResults[action.step] };
    case 'approval':
      return { title: action.name, adds: 'a manual approval' };
    case 'source':
    case 'bundle':
      return { title: action.name, adds: 'a commit' };
  }
}

const stepResults: Readonly<Record<PipelineStep, string>> = {
  build: 'image, by digest',
  scan: 'SBOM, verdict',
  sign: 'signature, attestations',
  promote: 'a commit in the ledger',
};

const rowHeight = box.height + 34;

function columnX(column: number): number {
  return margin + 10 + column * (box.width + box.gap);
}

function rowY(row: number): number {
  return margin + 36 + row * rowHeight;
}

/** One row of boxes, with arrows between them and from the last box to the next row. */
function renderRow(row: readonly Box[], index: number, isLastRow: boolean): readonly string[] {
  const y = rowY(index);
  const parts: string[] = [];
  for (const [column, { title, adds }] of row.entries()) {
    parts.push(renderCard({ x: columnX(column), y, title, adds }));
    if (column < row.length - 1) {
      parts.push(renderArrow([columnX(column) + box.width, y + 31], [columnX(column + 1), y + 31]));
    } else if (!isLastRow) {
      parts.push(
        renderBentArrow(
          [columnX(column) + box.width / 2, y + box.height],
          [columnX(0) + box.width / 2, rowY(index + 1)],
        ),
      );
    }
  }
  return parts;
}

/** The pipeline ends at the ledger, and the cluster begins there. */
function renderLedgerAndCluster(area: {
  readonly width: number;
  readonly top: number;
  readonly pipelineBottom: number;
}): readonly string[] {
  const { width, top, pipelineBottom } = area;
  const height = 134;
  const ledger = { x: margin, width: 240 };
  const cluster = ledger.x + ledger.width + 40;
  const clusterColumn = (column: number) => cluster + 16 + column * (box.width + box.gap);
  const middle = top + 36 + box.height / 2;
  const ledgerCenter = ledger.x + ledger.width / 2;
  return [
    renderBand({ ...ledger, y: top, height, fill: color.git, title: 'git: the ledger' }),
    renderNote(ledger.x + 16, top + 46, [
      'inputs: services/ releases/',
      'rendered from them: manifests/',
      'apps/ platform/',
      'written by fast-forward only',
    ]),
    renderArrow([ledgerCenter, pipelineBottom], [ledgerCenter, top]),
    renderBand({
      x: cluster,
      y: top,
      width: width - margin - cluster,
      height,
      fill: color.cluster,
      title: 'the cluster',
    }),
    renderCard({ x: clusterColumn(0), y: top + 36, title: 'Argo CD', adds: 'syncs the ledger' }),
    renderCard({ x: clusterColumn(1), y: top + 36, title: 'Flagger', adds: 'shifts the traffic' }),
    renderCard({ x: clusterColumn(2), y: top + 36, title: 'Prometheus', adds: 'errors, p99' }),
    renderArrow([ledger.x + ledger.width, middle], [clusterColumn(0), middle]),
    renderArrow([clusterColumn(0) + box.width, middle], [clusterColumn(1), middle]),
    renderArrow([clusterColumn(1) + box.width, middle], [clusterColumn(2), middle], 'both ends'),
    renderNote(clusterColumn(0), top + 120, ['Flagger rolls a bad release back within the time that synth computed']),
  ];
}

interface Band {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill: string;
  readonly title: string;
}

function renderBand({ x, y, width, height, fill, title }: Band): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="${fill}"/>\n${renderText({ x: x + 14, y: y + 22, content: title, size: 12, fill: color.mutedText })}`;
}

function renderCard({ x, y, title, adds }: Box & { readonly x: number; readonly y: number }): string {
  return [
    `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="6" fill="#ffffff" stroke="${color.line}"/>`,
    renderText({ x: x + 12, y: y + 26, content: title, size: 14, fill: color.text, weight: 600 }),
    renderText({ x: x + 12, y: y + 47, content: adds, size: 12, fill: color.mutedText }),
  ].join('\n');
}

function renderNote(x: number, y: number, lines: readonly string[]): string {
  return lines
    .map((line, index) => renderText({ x, y: y + index * 20, content: line, size: 12, fill: color.text }))
    .join('\n');
}

type Point = readonly [x: number, y: number];

function renderArrow([x1, y1]: Point, [x2, y2]: Point, heads: 'end' | 'both ends' = 'end'): string {
  const startHead = heads === 'both ends' ? ' marker-start="url(#head)"' : '';
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${color.line}" stroke-width="1.5" marker-end="url(#head)"${startHead}/>`;
}

/** An arrow that runs down, across and down, from the end of a row to the start of the next one. */
function renderBentArrow([x1, y1]: Point, [x2, y2]: Point): string {
  const middle = (y1 + y2) / 2;
  return `<polyline points="${x1},${y1} ${x1},${middle} ${x2},${middle} ${x2},${y2}" fill="none" stroke="${color.line}" stroke-width="1.5" marker-end="url(#head)"/>`;
}

interface Text {
  readonly x: number;
  readonly y: number;
  readonly content: string;
  readonly size: number;
  readonly fill: string;
  readonly weight?: number;
}

function renderText({ x, y, content, size, fill, weight }: Text): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}"${weight === undefined ? '' : ` font-weight="${weight}"`}>${escaped}</text>`;
}
