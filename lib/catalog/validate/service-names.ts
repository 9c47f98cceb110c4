import { basename } from 'node:path';
import type { CheckedFile } from '../parse/check-file';
import type { CatalogFile } from '../parse/document';
import { readServiceName } from '../parse/locate-problem';
import type { CatalogProblem } from '../parse/problem';
import type { Service } from '../schema/service';
import { type Finding, toProblems } from './finding';
import type { Names } from './names';

/** A service file and the result of its check. */
export interface CheckedService {
  readonly file: CatalogFile;
  readonly checked: CheckedFile<Service>;
}

/** The names of all services. A file without a valid name contributes its invalid name and its file name as invalid names. */
export function serviceNames(services: readonly CheckedService[]): Names {
  const known = services.map(({ checked }) => checked.partial?.name);
  return {
    known: known.filter((name) => name !== undefined),
    invalid: services
      .filter((_, index) => known[index] === undefined)
      .flatMap(({ file }) => [readServiceName(file), basename(file.file).replace(/\.ya?ml$/, '')])
      .filter((text) => text !== undefined),
  };
}

/** Finds services whose name an earlier file already uses. */
export function findDuplicateServices(services: readonly CheckedService[]): readonly CatalogProblem[] {
  const fileByName = new Map<string, string>();
  const problems: CatalogProblem[] = [];
  for (const { checked } of services) {
    const name = checked.partial?.name;
    if (name === undefined) {
      continue;
    }
    const firstFile = fileByName.get(name);
    if (firstFile === undefined) {
      fileByName.set(name, checked.file);
      continue;
    }
    const finding: Finding = {
      code: 'duplicate-service',
      path: ['name'],
      expected: `a unique name (${firstFile} already uses this one)`,
    };
    problems.push(...toProblems(checked, [finding]));
  }
  return problems;
}
