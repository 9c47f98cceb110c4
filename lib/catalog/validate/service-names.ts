import { basename } from 'node:path';
import type { CheckedFile } from '../parse/check-file';
import type { CatalogFile } from '../parse/document';
import { readServiceName } from '../parse/locate-problem';
import type { CatalogProblem } from '../parse/problem';
import type { Service } from '../schema/service';
import { type Finding, toProblems } from './finding';
import type { Names } from './names';

/** A service's file, as text and as far as it can be read. */
export interface CheckedService {
  readonly file: CatalogFile;
  readonly checked: CheckedFile<Service>;
}

/** The names of a catalog's services. Of a file without one that can be read, what stands in its place and what the file is called. */
export function serviceNames(services: readonly CheckedService[]): Names {
  const known = services.map(({ checked }) => checked.partial?.name);
  return {
    known: known.filter((name) => name !== undefined),
    unreadable: services
      .filter((_, index) => known[index] === undefined)
      .flatMap(({ file }) => [readServiceName(file), basename(file.file).replace(/\.ya?ml$/, '')])
      .filter((text) => text !== undefined),
  };
}

/** Services that have the name of an earlier one. */
export function findDuplicateServices(services: readonly CheckedService[]): readonly CatalogProblem[] {
  const first = new Map<string, string>();
  return services.flatMap(({ checked }) => {
    const name = checked.partial?.name;
    const before = name === undefined ? undefined : first.get(name);
    if (name !== undefined) {
      first.set(name, before ?? checked.file);
    }
    if (before === undefined) {
      return [];
    }
    const finding: Finding = {
      code: 'duplicate-service',
      path: ['name'],
      expected: `a name of its own (${before} has this one)`,
    };
    return toProblems(checked, [finding]);
  });
}
