import { type BlindFallback, findBlindFallbacks } from './blind-fallbacks';
import { findIdleParts, type IdlePart } from './idle-results';
import { findPartialNumerators, type PartialNumerator } from './ratios';
import { type ResultSeries, resultSeries } from './result-series';
import { Expression } from './syntax-tree';

export type AnalyzedQuery =
  | { readonly ok: false; readonly errorNear: string }
  | {
      readonly ok: true;
      readonly series: ResultSeries;
      readonly partialNumerators: readonly PartialNumerator[];
      /** Whether the whole query has a fallback without series (`… or vector(0)`), so that it has a value even if nothing is measured. */
      readonly isNeverEmpty: boolean;
      /** Fallbacks that read a metric or a label that does not exist as 0. */
      readonly blindFallbacks: readonly BlindFallback[];
      readonly idleParts: readonly IdlePart[];
    };

const placeholder = 'filledInByFlagger';

/** Analyzes a query of a MetricTemplate. The variables that Flagger fills in are replaced with placeholders first. */
export function analyzeQuery(template: string): AnalyzedQuery {
  const query = template
    .replaceAll(/\[\s*\{\{-?\s*interval\s*-?\}\}\s*/g, '[1m')
    .replaceAll(/\{\{[^{}]*\}\}/g, placeholder)
    .trim();
  const parsed = Expression.parse(query);
  if ('errorNear' in parsed) {
    return { ok: false, errorNear: parsed.errorNear };
  }
  const { root } = parsed;
  return {
    ok: true,
    series: resultSeries(root),
    partialNumerators: findPartialNumerators(root).map((numerator) => ({
      ...numerator,
      selector: numerator.selector.replaceAll(placeholder, '…'),
    })),
    isNeverEmpty: isNeverEmpty(root),
    blindFallbacks: findBlindFallbacks(root).map(showVariables),
    idleParts: findIdleParts(root),
  };
}

function isNeverEmpty(expression: Expression): boolean {
  if (expression.kind === 'ParenExpr') {
    const [inner] = expression.children;
    return inner !== undefined && isNeverEmpty(inner);
  }
  const { operands } = expression;
  return expression.hasChild('Or') && operands !== undefined && !operands.right.contains('VectorSelector');
}

/** The texts of a fallback without the placeholders. */
function showVariables(fallback: BlindFallback): BlindFallback {
  const show = (text: string) => text.replaceAll(placeholder, '…');
  return { ...fallback, fallback: show(fallback.fallback), remedy: show(fallback.remedy) };
}
