import { parseDocument } from 'yaml';
import { type CatalogFile, readDocument } from './document';
import type { CatalogProblem } from './problem';

/**
 * Locates a problem that was found in the valid catalog, such as a rollout that cannot meet its budget.
 * @param paths candidate fields in order of preference. The first one that exists in the file is used, otherwise the nearest parent of the
 * last one.
 */
export function locateProblem(
  file: CatalogFile,
  paths: readonly (readonly string[])[],
  problem: Pick<CatalogProblem, 'code' | 'expected' | 'found' | 'nearMiss'>,
): CatalogProblem {
  const yaml = parseDocument(file.text);
  const path = paths.find((candidate) => yaml.hasIn(candidate)) ?? paths.at(-1) ?? [];
  const value = yaml.getIn(path);
  const found = value === undefined || typeof value === 'object' ? {} : { found: JSON.stringify(value) };
  return readDocument(file).document.problemAt(path, { ...found, ...problem });
}

/** Reads the name of a service from its file, even if the file is otherwise invalid. */
export function readServiceName({ text }: CatalogFile): string | undefined {
  const name = parseDocument(text).get('name');
  return name === undefined || name === null ? undefined : String(name);
}
