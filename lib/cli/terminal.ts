import { printable } from './printable';

/** Whether a stream gets colors and updating lines: a terminal, without NO_COLOR (https://no-color.org), CI or TERM=dumb. */
export function isInteractive(
  stream: { readonly isTTY?: boolean },
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  return (
    stream.isTTY === true &&
    environment.NO_COLOR === undefined &&
    environment.CI === undefined &&
    environment.TERM !== 'dumb'
  );
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
const codes: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** Colors text for an interactive stream; returns it unchanged for others. */
export function painter(stream: { readonly isTTY?: boolean }): (style: Style, text: string) => string {
  const interactive = isInteractive(stream);
  return (style, text) => (interactive ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
}

/** `1 file`, `2 files` */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** A table with aligned columns, two spaces apart. The last column is not padded. Text from outside cannot break a row. */
export function table(cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(printable));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
