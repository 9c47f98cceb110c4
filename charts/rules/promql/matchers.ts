import type { Expression } from './syntax-tree';

/** A label matcher of a selector. */
export interface LabelMatcher {
  readonly label: string;
  readonly operator: string;
  /** The value without quotation marks. */
  readonly value: string;
  /** The whole matcher: `code=~"5.."`. */
  readonly text: string;
}

export function matchersOf(selector: Expression): readonly LabelMatcher[] {
  return ['UnquotedLabelMatcher', 'QuotedLabelMatcher'].flatMap((kind) =>
    selector.all(kind).map((matcher) => {
      const label = matcher.children[0]?.text ?? '';
      const value = matcher.text.slice(label.length).replace(/^\s*[=!~]+\s*/, '');
      return {
        label,
        operator: matcher.child('MatchOp')?.text ?? '',
        value: value.replace(/^["'`]|["'`]$/g, ''),
        text: matcher.text,
      };
    }),
  );
}

/** The name of the metric that a selector selects, if it names one. */
export function metricName(selector: Expression): string | undefined {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(selector.text)?.[0];
}

/** Label values that mean success, in HTTP, gRPC and Linkerd. */
const successValue = /^\(?(?:ok\b|0$|success|2|\[1-4\])/i;

export function matchesSuccess({ operator, value }: LabelMatcher): boolean {
  return operator.startsWith('!') !== successValue.test(value);
}

/** Whether a matcher also selects series that lack the label: to PromQL, a missing label has an empty value. */
export function matchesMissingLabel({ operator, value }: LabelMatcher): boolean {
  const isEmptyMatch = operator.endsWith('~') ? matchesEmpty(value) : value === '';
  return operator.startsWith('!') !== isEmptyMatch;
}

function matchesEmpty(pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test('');
  } catch {
    // RE2 has patterns that JavaScript does not have. Few of them match an empty value.
    return false;
  }
}
