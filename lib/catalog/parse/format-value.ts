import type { CatalogDocument } from './document';
import { type Path, valueAt } from './field-path';

/** Formats a value for an error: as JSON, truncated to 60 characters. A truncated string keeps its closing quote. */
export function formatValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  if (text.length <= 60) {
    return text;
  }
  return typeof value === 'string' ? `${text.slice(0, 56)}..."` : `${text.slice(0, 57)}...`;
}

/** Formats the value at a path: numbers and booleans as they are written in the file, other values as JSON. */
export function formatValueAt(document: CatalogDocument, path: Path): string | undefined {
  const value = valueAt(document.value, path);
  const source = typeof value === 'number' || typeof value === 'boolean' ? document.sourceAt(path) : undefined;
  return source ?? (value === undefined ? undefined : formatValue(value));
}
