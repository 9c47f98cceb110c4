import type { Expression } from './syntax-tree';

/** A part of a query that is NaN while there are no requests: a ratio is 0 / 0 then, and a quantile has no samples. */
export type IdlePart = 'ratio' | 'quantile';

/** Finds the parts of a query that are NaN while there are no requests. */
export function findIdleParts(query: Expression): readonly IdlePart[] {
  return [...new Set(idlePartsOf(query, { hasCondition: false, hasFallback: false }))];
}

/**
 * The operations around a part. A condition (`… and on() (count >= 100)`) removes a NaN, and a fallback (`… or …`) replaces it. A part is safe only
 * with both: with a condition alone the query has no value, which fails the check too.
 */
interface Guards {
  readonly hasCondition: boolean;
  readonly hasFallback: boolean;
}

function idlePartsOf(expression: Expression, guards: Guards): readonly IdlePart[] {
  const { operands } = expression;
  if (operands !== undefined && expression.hasChild('And')) {
    // The right side is the condition; its value is not part of the result.
    return idlePartsOf(operands.left, { ...guards, hasCondition: true });
  }
  if (operands !== undefined && expression.hasChild('Or')) {
    return [...idlePartsOf(operands.left, { ...guards, hasFallback: true }), ...idlePartsOf(operands.right, guards)];
  }
  const parts = expression.children.flatMap((child) => idlePartsOf(child, guards));
  if (guards.hasCondition && guards.hasFallback) {
    return parts;
  }
  if (operands !== undefined && expression.hasChild('Div') && mayBeZero(operands.right)) {
    return ['ratio', ...parts];
  }
  return expression.isCallOf('histogram_quantile') ? ['quantile', ...parts] : parts;
}

/** Functions that are 0 while their counter does not increase. */
const counterFunctions = ['rate', 'irate', 'increase', 'delta', 'idelta'];

function mayBeZero(denominator: Expression): boolean {
  const calls = denominator.all('FunctionCall');
  return (
    calls.some((call) => counterFunctions.some((name) => call.isCallOf(name))) &&
    !calls.some((call) => call.isCallOf('clamp_min')) &&
    !denominator.contains('Or')
  );
}
