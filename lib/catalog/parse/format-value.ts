import type { CatalogDocument } from './document';
import { type Path, valueAt } from './field-path';

/** A value of a file as errors show it: JSON, cut where it is long. */
export function formatValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** What stands at a path: numbers and truths as they are written, the rest as JSON. */
export function formatValueAt(document: CatalogDocument, path: Path): string | undefined {
  const value = valueAt(document.value, path);
  const source = typeof value === 'number' || typeof value === 'boolean' ? document.sourceAt(path) : undefined;
  return source ?? (value === undefined ? undefined : formatValue(value));
}
