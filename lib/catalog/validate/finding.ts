import { type CheckedFile, containsUncertain, isUncertain } from '../parse/check-file';
import type { Path } from '../parse/field-path';
import { formatValue, formatValueAt } from '../parse/format-value';
import type { CatalogProblem } from '../parse/problem';

/** Something that the schema takes and that can't be right nevertheless: what a field means beside others. */
export interface Finding {
  /** Stable code for machines. */
  readonly code: string;
  readonly path: Path;
  /** What is wrong: the value, or that there is such a key at all. Default: the value. */
  readonly of?: 'value' | 'key';
  /** What would be right, as the end of a sentence. */
  readonly expected: string;
  /** Default: the value of the file at `path`. */
  readonly found?: unknown;
  readonly nearMiss?: string;
  /** Fields whose absence or default it may follow from: it is not said while one of them is in doubt. */
  readonly dependsOn?: readonly Path[];
}

/** The findings of a file as problems with their places; without those that only follow from what is wrong with its form. */
export function toProblems(checked: CheckedFile<unknown>, findings: readonly Finding[]): readonly CatalogProblem[] {
  return findings
    .filter(
      ({ dependsOn = [] }) =>
        !dependsOn.some((field) => isUncertain(checked, field) || containsUncertain(checked, field)),
    )
    .map((finding) => {
      const { code, path, of = 'value', expected, nearMiss } = finding;
      const found =
        'found' in finding
          ? formatValue(finding.found)
          : of === 'key'
            ? formatValue(path.at(-1))
            : formatValueAt(checked.document, path);
      const problem = {
        code,
        ...(found === undefined ? {} : { found }),
        expected,
        ...(nearMiss === undefined ? {} : { nearMiss }),
      };
      return of === 'key' ? checked.document.problemAtKey(path, problem) : checked.document.problemAt(path, problem);
    });
}
