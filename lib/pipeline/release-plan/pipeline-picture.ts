import type { PlannedAction, PlannedStage } from './release-plan';

const box = { width: 172, height: 62, gap: 24 };
const margin = 24;
const ink = { text: '#1f2933', quiet: '#616e7c', line: '#7b8794', aws: '#eef4fb', git: '#fdf6e3', cluster: '#edf7f0' };

/**
 * The road of a release as a picture: what the pipeline does in which order, what each action adds to the record,
 * and how git hands on to the cluster. A self-contained SVG, the same bytes for the same plan.
 */
export function renderPipelinePicture(stages: readonly PlannedStage[]): string {
  const boxes = stages.flatMap(({ actions }) => actions.filter(({ kind }) => kind !== 'bundle').map(boxOf));
  const perRow = 5;
  const rows = Array.from({ length: Math.ceil(boxes.length / perRow) }, (_, row) =>
    boxes.slice(row * perRow, (row + 1) * perRow),
  );
  const width = margin * 2 + perRow * box.width + (perRow - 1) * box.gap + 20;
  const rowHeight = box.height + 34;
  const pipelineHeight = 24 + rows.length * rowHeight;
  const belowTop = margin + pipelineHeight + 46;
  const height = belowTop + 134 + margin;
  const x = (column: number) => margin + 10 + column * (box.width + box.gap);
  const y = (row: number) => margin + 36 + row * rowHeight;
  const parts = [
    band(margin, margin, width - 2 * margin, pipelineHeight, ink.aws, 'AWS: one CodePipeline a service'),
    ...rows.flatMap((row, index) =>
      row.flatMap(({ title, adds }, column) => [
        card(x(column), y(index), title, adds),
        ...(column < row.length - 1
          ? [arrow([x(column) + box.width, y(index) + 31], [x(column + 1), y(index) + 31])]
          : index < rows.length - 1
            ? [wrap(x(column) + box.width / 2, y(index) + box.height, x(0) + box.width / 2, y(index + 1))]
            : []),
      ]),
    ),
    ...belowThePipeline(width, belowTop, margin + pipelineHeight),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'DejaVu Sans', sans-serif" role="img">`,
    '<title>The road of a release</title>',
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0,0 L8,4 L0,8 z" fill="#7b8794"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

interface Box {
  readonly title: string;
  readonly adds: string;
}

const stepAdds = {
  build: 'image, by digest',
  scan: 'SBOM, verdict',
  sign: 'signature, attestations',
  promote: 'a commit in the ledger',
} as const;

function boxOf(action: PlannedAction): Box {
  switch (action.kind) {
    case 'verb':
      return { title: action.name, adds: stepAdds[action.verb] };
    case 'approval':
      return { title: action.name, adds: 'a person says yes' };
    case 'source':
    case 'bundle':
      return { title: action.name, adds: 'a commit' };
  }
}

/** Git is where the pipeline ends and the cluster begins. */
function belowThePipeline(width: number, top: number, pipelineBottom: number): readonly string[] {
  const middle = 240;
  const ledger = margin;
  const cluster = ledger + middle + 40;
  const at = (column: number) => cluster + 16 + column * (box.width + box.gap);
  const line = top + 36 + box.height / 2;
  return [
    band(ledger, top, middle, 134, ink.git, 'git: the ledger'),
    note(ledger + 16, top + 46, [
      'inputs: services/ releases/',
      'rendered from them: manifests/',
      'apps/ platform/',
      'written by fast-forward only',
    ]),
    arrow([ledger + middle / 2, pipelineBottom], [ledger + middle / 2, top]),
    band(cluster, top, width - margin - cluster, 134, ink.cluster, 'the cluster'),
    card(at(0), top + 36, 'Argo CD', 'syncs the ledger'),
    card(at(1), top + 36, 'Flagger', 'moves the traffic'),
    card(at(2), top + 36, 'Prometheus', 'errors, p99'),
    arrow([ledger + middle, line], [at(0), line]),
    arrow([at(0) + box.width, line], [at(1), line]),
    arrow([at(1) + box.width, line], [at(2), line], true),
    note(at(0), top + 120, ['a bad release is taken back within the time that synth computed']),
  ];
}

function band(x: number, y: number, width: number, height: number, fill: string, title: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="${fill}"/>\n${text(x + 14, y + 22, title, 12, ink.quiet)}`;
}

function card(x: number, y: number, title: string, adds: string): string {
  return [
    `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="6" fill="#ffffff" stroke="${ink.line}"/>`,
    text(x + 12, y + 26, title, 14, ink.text, 600),
    text(x + 12, y + 47, adds, 12, ink.quiet),
  ].join('\n');
}

function note(x: number, y: number, lines: readonly string[]): string {
  return lines.map((line, index) => text(x, y + index * 20, line, 12, ink.text)).join('\n');
}

type Point = readonly [x: number, y: number];

function arrow([x1, y1]: Point, [x2, y2]: Point, both = false): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${ink.line}" stroke-width="1.5" marker-end="url(#head)"${both ? ' marker-start="url(#head)"' : ''}/>`;
}

/** From the end of a row to the beginning of the next. */
function wrap(x1: number, y1: number, x2: number, y2: number): string {
  const between = (y1 + y2) / 2;
  return `<polyline points="${x1},${y1} ${x1},${between} ${x2},${between} ${x2},${y2}" fill="none" stroke="${ink.line}" stroke-width="1.5" marker-end="url(#head)"/>`;
}

function text(x: number, y: number, content: string, size: number, fill: string, weight?: number): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}"${weight === undefined ? '' : ` font-weight="${weight}"`}>${escaped}</text>`;
}
