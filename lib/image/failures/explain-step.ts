import { findSourceProblem } from '../compiler-errors';
import type { StepFailure } from '../step-failure';
import type { BuildContext, BuildProblem } from './build-problem';
import { explainBuilder } from './builder-problems';
import { explainMachine } from './machine-problems';
import { explainModules } from './module-problems';
import { explainToolchain } from './toolchain-problems';

/**
 * Explains a failed command of the recipe: the machine first, then the builder image, then the modules and the source, because the output of an
 * earlier cause can look like a later one.
 * @returns undefined for an unknown cause
 */
export function explainStep(failure: StepFailure, context: BuildContext): BuildProblem | undefined {
  const { service } = context;
  // The output of other commands, such as the first start of the image, is not the output of a compiler.
  if (!/^(?:go|mkdir|cp) /.test(failure.command)) {
    return undefined;
  }
  const earlier =
    explainMachine(failure, context) ?? explainBuilder(failure, context) ?? explainToolchain(failure, context);
  if (earlier !== undefined) {
    return earlier;
  }
  const source = findSourceProblem(failure, service.name, service.source.directory);
  if (source !== undefined) {
    return { kind: 'badInput', ...source };
  }
  return failure.command.startsWith('go mod ') ? explainModules(failure.lines, context) : undefined;
}
