import { parseDocument } from 'yaml';
import { type CatalogFile, readDocument } from './document';
import type { CatalogProblem } from './problem';

/**
 * A problem that was found by looking at the catalog as a whole, at its place in a file.
 * @param paths fields it could stand at, the best first: the first that the file has is taken, else the nearest to the last
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

/** The name that a service file gives, whatever else is wrong with it. */
export function readServiceName({ text }: CatalogFile): string | undefined {
  const name = parseDocument(text).get('name');
  return name === undefined || name === null ? undefined : String(name);
}
