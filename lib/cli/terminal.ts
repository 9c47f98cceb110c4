/** Whether colours and moving lines are welcome: a terminal, and nobody said no (https://no-color.org). */
export function isLively(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv = process.env): boolean {
  return (
    stream.isTTY === true &&
    environment.NO_COLOR === undefined &&
    environment.CI === undefined &&
    environment.TERM !== 'dumb'
  );
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
const codes: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** Colours text for a terminal, and leaves it alone for everything else. */
export function painter(stream: { readonly isTTY?: boolean }): (style: Style, text: string) => string {
  const lively = isLively(stream);
  return (style, text) => (lively ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
}

/** `1 file`, `2 files` */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** A table with aligned columns, two spaces between them; the last column runs free. */
export function table(rows: readonly (readonly string[])[]): string {
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
