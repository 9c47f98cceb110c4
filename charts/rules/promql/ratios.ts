import { type LabelMatcher, matchersOf, matchesSuccess } from './matchers';
import type { Expression } from './syntax-tree';

/** A numerator that selects only some of the series that its denominator selects, such as the failed requests among all requests. */
export interface PartialNumerator {
  /** The selector of the numerator, as written. */
  readonly selector: string;
  /** Whether it selects successes (`code!~"5.."`, `code=~"2.."`), so that it has no series only while everything fails. */
  readonly selectsSuccesses: boolean;
  /** The labels that the numerator restricts and its denominator does not. */
  readonly labels: readonly string[];
  /** Whether the numerator has a fallback (`or …`) for the time before its first series exists. */
  readonly hasFallback: boolean;
}

/** Finds the numerators that may have no series while their denominators have some. */
export function findPartialNumerators(query: Expression): readonly PartialNumerator[] {
  return divisionsIn(query).flatMap(({ numerator, denominator }) => {
    const denominatorMatchers = denominator.all('VectorSelector').map(matchersOf);
    if (denominatorMatchers.length === 0) {
      return [];
    }
    return numerator.all('VectorSelector').flatMap((selector) => {
      const restrictions = restrictionsOf(matchersOf(selector), denominatorMatchers);
      return restrictions.length === 0
        ? []
        : [
            {
              selector: selector.text.replaceAll(/\s+/g, ' '),
              labels: restrictions.map(({ label }) => label),
              selectsSuccesses: restrictions.every(matchesSuccess),
              hasFallback: numerator.contains('Or'),
            },
          ];
    });
  });
}

function divisionsIn(query: Expression) {
  return query.all('BinaryExpr').flatMap((operation) => {
    const { operands } = operation;
    return operation.hasChild('Div') && operands !== undefined
      ? [{ numerator: operands.left, denominator: operands.right }]
      : [];
  });
}

/**
 * The matchers of a numerator by labels that the denominator does not restrict. A label that every selector of the denominator restricts has
 * series whenever the division has a value.
 */
function restrictionsOf(
  numerator: readonly LabelMatcher[],
  denominators: readonly (readonly LabelMatcher[])[],
): readonly LabelMatcher[] {
  return numerator.filter(
    ({ label, text }) =>
      !denominators.some((matchers) => matchers.some((matcher) => matcher.text === text)) &&
      !denominators.every((matchers) => matchers.some((matcher) => matcher.label === label)),
  );
}
