import { type LabelMatcher, matchersOf, matchesMissingLabel, matchesSuccess, metricName } from './matchers';
import type { Expression } from './syntax-tree';

/** Why a fallback has a value although what the query measures does not exist. */
export type BlindFallback =
  /** `or vector(0)`: it always has a value. */
  | { readonly reason: 'constant'; readonly fallback: string; readonly remedy: string }
  /** `or on() (0 * sum(up))`: it has a value while another metric exists. */
  | { readonly reason: 'other-metric'; readonly fallback: string; readonly remedy: string }
  /** `or on() 0 * sum(rate(x[1m]))` for `x{code=~"5.."}`: it has a value without the label. */
  | { readonly reason: 'label'; readonly label: string; readonly fallback: string; readonly remedy: string };

/**
 * Finds fallbacks to 0 (`… or 0`) that read a metric or a label that does not exist as 0. A fallback is safe if it exists only where the measured
 * metric exists, with every label that the measured selector restricts. A fallback for successes is no danger: without them, everything fails.
 */
export function findBlindFallbacks(query: Expression): readonly BlindFallback[] {
  return query.all('BinaryExpr').flatMap((operation): readonly BlindFallback[] => {
    const { operands } = operation;
    if (operands === undefined || !operation.hasChild('Or') || !isZero(operands.right)) {
      return [];
    }
    const measured = selectorsOf(operands.left);
    if (measured.length === 0 || measured.some((selector) => matchersOf(selector).some(matchesSuccess))) {
      return [];
    }
    const blindness = blindnessOf(measured, selectorsOf(operands.right));
    return blindness === undefined
      ? []
      : [{ ...blindness, fallback: shorten(operands.right.text), remedy: remedyFor(measured) } as BlindFallback];
  });
}

/** The selectors whose values are part of the result: conditions (`… and on() …`) are not. */
function selectorsOf(expression: Expression): readonly Expression[] {
  const { operands } = expression;
  if (operands !== undefined && (expression.hasChild('And') || expression.hasChild('Unless'))) {
    return selectorsOf(operands.left);
  }
  return expression.kind === 'VectorSelector' ? [expression] : expression.children.flatMap(selectorsOf);
}

/** `0`, `vector(0)`, or a product with 0. */
function isZero(expression: Expression): boolean {
  const { operands } = expression;
  if (expression.kind === 'ParenExpr' || expression.isCallOf('vector')) {
    const inner = expression.kind === 'ParenExpr' ? expression.children[0] : expression.child('FunctionCallBody');
    return inner !== undefined && (isZero(inner) || /^\(?\s*0(?:\.0*)?\s*\)?$/.test(inner.text));
  }
  if (operands !== undefined && expression.hasChild('Mul')) {
    return isZero(operands.left) || isZero(operands.right);
  }
  return expression.kind === 'NumberDurationLiteral' && Number(expression.text) === 0;
}

function blindnessOf(measured: readonly Expression[], fallback: readonly Expression[]) {
  if (fallback.length === 0) {
    return { reason: 'constant' } as const;
  }
  const names = measured.map(metricName);
  const same = fallback.filter((selector) => names.includes(metricName(selector)));
  if (same.length === 0) {
    return { reason: 'other-metric' } as const;
  }
  const label = restrictedLabels(measured).find(
    (name) => !same.some((selector) => matchersOf(selector).some((matcher) => requiresLabel(matcher, name))),
  );
  return label === undefined ? undefined : ({ reason: 'label', label } as const);
}

function requiresLabel(matcher: LabelMatcher, label: string): boolean {
  return matcher.label === label && !matchesMissingLabel(matcher);
}

/** Labels without which a selector of the measured series selects nothing. */
function restrictedLabels(measured: readonly Expression[]): readonly string[] {
  return [
    ...new Set(
      measured.flatMap((selector) =>
        matchersOf(selector)
          .filter((matcher) => !matchesMissingLabel(matcher))
          .map(({ label }) => label),
      ),
    ),
  ];
}

/** Labels that select a target. The others select requests by their outcome. */
const targetLabels = ['namespace', 'job', 'instance', 'pod', 'service', 'endpoint', 'container', 'app', 'workload'];

/** A fallback that is 0 only where the metric exists, with the label by which its selector distinguishes requests. */
function remedyFor([selector]: readonly Expression[]): string {
  if (selector === undefined) {
    return '';
  }
  const last = matchersOf(selector).findLast(({ label }) => !targetLabels.includes(label));
  const text = shorten(selector.text);
  const requiring = last === undefined ? text : text.replace(last.text, `${last.label}!=""`);
  return `or on() 0 * sum(rate(${requiring}[…]))`;
}

function shorten(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
