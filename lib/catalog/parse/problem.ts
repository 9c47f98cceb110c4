/** One mistake in a catalog: where it stands, what was found, and what would be right. */
export interface CatalogProblem {
  /** Stable code for machines: `unknown-key`, `wrong-value`, `not-yaml`, `duplicate-service`, … */
  readonly code: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Dotted path of the field, such as `environments.dev.memory`; empty for the whole file. */
  readonly path: string;
  /** The value found, as it stands in the file; absent where the key itself is missing. */
  readonly found?: string;
  /** What would be right, as the end of a sentence. */
  readonly expected: string;
  /** The nearest thing that would be right, where one is near. */
  readonly nearMiss?: string;
}

/** `file:line:column path: found …, expected … (did you mean …?)`: one line, clickable in editors and terminals. */
export function describeProblem(problem: CatalogProblem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const path = problem.path === '' ? '' : ` ${problem.path}:`;
  const found = problem.found === undefined ? '' : ` found ${problem.found},`;
  const hint = problem.nearMiss === undefined ? '' : ` (did you mean ${problem.nearMiss}?)`;
  return `${place}${path}${found} expected ${problem.expected}${hint}`;
}

/** A catalog that can't be used: all its problems at once. */
export class CatalogError extends Error {
  constructor(readonly problems: readonly CatalogProblem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.name = 'CatalogError';
  }
}
