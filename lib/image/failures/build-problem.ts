import type { Service } from '../../catalog';
import type { ErrorCode, FailureKind } from '../../errors';

/** Why a build failed: the side that is to blame by its code, and what to do. */
export interface BuildProblem {
  readonly code: ErrorCode;
  readonly kind: FailureKind;
  readonly message: string;
}

/** What an explanation depends on, besides the output. */
export interface BuildContext {
  readonly service: Service;
  /** Where the credential for private modules is from, such as `the secret storefront/modules`. Undefined if the build has none. */
  readonly credential?: string;
}

/** The lines that show the problem, indented and not too many. */
export function excerpt(lines: readonly string[], limit = 12): readonly string[] {
  const shown = lines.slice(0, limit).map((line) => `  ${line.length > 400 ? `${line.slice(0, 400)} …` : line}`);
  return lines.length > limit ? [...shown, `  … and ${lines.length - limit} more lines`] : shown;
}
