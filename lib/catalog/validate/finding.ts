import { type CheckedFile, containsUncertain, isUncertain } from '../parse/check-file';
import type { Path } from '../parse/field-path';
import { formatValue, formatValueAt } from '../parse/format-value';
import type { CatalogProblem } from '../parse/problem';

/** An error that the schema does not detect, because it depends on several fields or files. */
export interface Finding {
  /** Stable, machine-readable code. */
  readonly code: string;
  readonly path: Path;
  /** Whether the value or the key is wrong. Default: the value. */
  readonly target?: 'value' | 'key';
  /** Completes the sentence "expected …". */
  readonly expected: string;
  /** Default: the value at `path`. */
  readonly found?: unknown;
  readonly nearMiss?: string;
  /** Fields whose absence or default may have caused the finding. It is not reported while one of them is uncertain. */
  readonly dependsOn?: readonly Path[];
}

/** Locates findings in their file, and drops those that only follow from a YAML or schema error. */
export function toProblems(checked: CheckedFile<unknown>, findings: readonly Finding[]): readonly CatalogProblem[] {
  return findings
    .filter(
      ({ dependsOn = [] }) =>
        !dependsOn.some((field) => isUncertain(checked, field) || containsUncertain(checked, field)),
    )
    .map((finding) => {
      const { code, path, target = 'value', expected, nearMiss } = finding;
      const found =
        'found' in finding
          ? formatValue(finding.found)
          : target === 'key'
            ? formatValue(path.at(-1))
            : formatValueAt(checked.document, path);
      const problem = {
        code,
        ...(found === undefined ? {} : { found }),
        expected,
        ...(nearMiss === undefined ? {} : { nearMiss }),
      };
      return target === 'key'
        ? checked.document.problemAtKey(path, problem)
        : checked.document.problemAt(path, problem);
    });
}
