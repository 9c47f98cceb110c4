import type { Layout } from '../layout';
import { residentBytes } from '../machine/processes';
import type { Component } from './component';
import { runProbe } from './probe';
import { logPath, runningRecord } from './supervisor';

/** One server in `npm run lab -- status`. */
export interface ComponentStatus {
  readonly name: string;
  readonly version: string;
  readonly state: 'ready' | 'not ready' | 'stopped';
  readonly pid?: number;
  /** Resident memory. */
  readonly bytes: number;
  readonly log: string;
}

/** Reads the status of every server. */
export async function readStatus(
  layout: Layout,
  components: readonly Component[],
): Promise<readonly ComponentStatus[]> {
  const servers = components.filter((component) => component.kind === 'server');
  return Promise.all(
    servers.map(async ({ name, version, ready }) => {
      const log = logPath(layout, name);
      const record = runningRecord(layout, name);
      if (record === undefined) {
        return { name, version, state: 'stopped' as const, bytes: 0, log };
      }
      const state = (await runProbe(ready)) ? ('ready' as const) : ('not ready' as const);
      return { name, version, state, pid: record.pid, bytes: residentBytes(record.pid), log };
    }),
  );
}

/** Renders the status as a table. */
export function renderStatus(rows: readonly ComponentStatus[]): string {
  const cells = [
    ['component', 'version', 'state', 'memory', 'log'],
    ...rows.map((row) => [row.name, row.version, row.state, row.bytes === 0 ? '-' : megabytes(row.bytes), row.log]),
    [
      '',
      '',
      `${rows.filter(({ state }) => state === 'ready').length} of ${rows.length} ready`,
      megabytes(rows.reduce((sum, { bytes }) => sum + bytes, 0)),
      '',
    ],
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => (column === 3 ? cell.padStart(widths[3] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}
