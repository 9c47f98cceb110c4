import { defaults } from './overridden-defaults';

/** The table of docs/adr/0001: what cdk8s-plus-27 writes unasked, and why ours do not. */
export function defaultsTable(): string {
  return [
    '| Kind | Field | Unasked | Decided in | Why not |',
    '|---|---|---|---|---|',
    ...defaults.map(
      ({ kind, field, value, source, why }) =>
        `| ${kind} | \`${field.replaceAll('~1', '/')}\` | ${shown(value)} | ${source} | ${why} |`,
    ),
    '',
  ].join('\n');
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : `\`${JSON.stringify(value)}\``;
}
