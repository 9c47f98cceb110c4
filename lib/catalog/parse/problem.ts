import { BowlineError, exitCodes } from '../../errors';

/** An error in a catalog: its position, the value found and the value expected. */
export interface CatalogProblem {
  /** Stable, machine-readable code: `unknown-key`, `wrong-value`, `not-yaml`, `duplicate-service`, … */
  readonly code: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Dotted path of the field, such as `environments.dev.memory`. Empty for the whole file. */
  readonly path: string;
  /** The value as it is written in the file. Absent if the key is missing. */
  readonly found?: string;
  /** Completes the sentence "expected …". */
  readonly expected: string;
  /** The most similar valid value, if there is one. */
  readonly nearMiss?: string;
}

/** `file:line:column path: found …, expected … (did you mean …?)`: one line that editors and terminals can link. */
export function describeProblem(problem: CatalogProblem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const path = problem.path === '' ? '' : ` ${problem.path}:`;
  const found = problem.found === undefined ? '' : ` found ${problem.found},`;
  const hint = problem.nearMiss === undefined ? '' : ` (did you mean ${problem.nearMiss}?)`;
  return `${place}${path}${found} expected ${problem.expected}${hint}`;
}

/** An invalid catalog, with all of its problems. */
export class CatalogError extends BowlineError {
  override readonly name = 'CatalogError';
  constructor(readonly problems: readonly CatalogProblem[]) {
    super('catalog', problems.map(describeProblem).join('\n'), exitCodes.badInput);
  }
}
