import { parser } from '@prometheus-io/lezer-promql';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** How many series a query may answer with: one at most, or one for each value of some labels (`any`: of labels that are not said). */
export type Series = 'one' | 'any' | ReadonlySet<string>;

/** A division whose upper side asks for fewer series than its lower side. */
export interface Ratio {
  /** The selector of the upper side that asks for less. */
  readonly selector: string;
  /** Whether it asks for what went well (`code!~"5.."`, `code=~"2.."`), so that it is empty only where everything is bad. */
  readonly good: boolean;
  /** Whether the upper side has something to fall back to where there is no such series yet. */
  readonly guarded: boolean;
}

export type Idle = 'ratio' | 'quantile';

export type ReadQuery =
  | { readonly ok: false; readonly near: string }
  | {
      readonly ok: true;
      readonly series: Series;
      readonly ratios: readonly Ratio[];
      /** Whether it answers with a number also where nothing was measured: `… or vector(0)` around the whole. */
      readonly neverEmpty: boolean;
      /** What of it has no number while there are no requests: 0 / 0 is NaN, and a quantile of nothing too. */
      readonly idle: readonly Idle[];
    };

const standIn = 'filledInByFlagger';

/** Reads a query of a MetricTemplate: what Flagger fills in is filled with stand-ins first. */
export function readQuery(template: string): ReadQuery {
  const text = template
    .replaceAll(/\[\s*\{\{-?\s*interval\s*-?\}\}\s*/g, '[1m')
    .replaceAll(/\{\{[^{}]*\}\}/g, standIn)
    .trim();
  const tree = parser.parse(text);
  const root = tree.topNode.firstChild;
  let near: number | undefined;
  tree.iterate({
    enter: (node) => {
      near ??= node.type.isError ? node.from : undefined;
    },
  });
  if (root === null || near !== undefined) {
    return { ok: false, near: text.slice(near ?? 0, (near ?? 0) + 30) };
  }
  return {
    ok: true,
    series: seriesOf(root, text),
    ratios: all(root, 'Div').flatMap((operator) => ratio(operator.parent, text)),
    neverEmpty: neverEmpty(root, text),
    idle: [...new Set(withoutRequests(root, text, { and: false, or: false }))],
  };
}

function seriesOf(node: SyntaxNode, text: string): Series {
  switch (node.name) {
    case 'NumberDurationLiteral':
    case 'StringLiteral':
      return 'one';
    case 'VectorSelector':
    case 'MatrixSelector':
      return 'any';
    case 'AggregateExpr':
      return aggregated(node, text);
    case 'FunctionCall':
      return called(node, text);
    case 'BinaryExpr':
      return combined(node, text);
    default: {
      // Parentheses, signs, offsets and subqueries change no labels.
      const inner = node.firstChild;
      return inner === null ? 'any' : seriesOf(inner, text);
    }
  }
}

/** These keep the labels of what they choose from. */
const choosing = ['topk', 'bottomk', 'limitk', 'limit_ratio', 'count_values'];

function aggregated(node: SyntaxNode, text: string): Series {
  const operator = textOf(node.firstChild, text);
  const modifier = node.getChild('AggregateModifier');
  if (choosing.includes(operator)) {
    const one = operator !== 'count_values' && /^\(\s*1\s*,/.test(textOf(node.getChild('FunctionCallBody'), text));
    return one && modifier === null ? 'one' : 'any';
  }
  if (modifier === null) {
    return 'one';
  }
  return modifier.getChild('By') === null ? 'any' : labels(groupingLabels(modifier, text));
}

function called(node: SyntaxNode, text: string): Series {
  const name = textOf(node.firstChild, text);
  if (['vector', 'scalar', 'time', 'pi', 'absent', 'absent_over_time'].includes(name)) {
    return 'one';
  }
  const values = children(node.getChild('FunctionCallBody')).map((argument) => seriesOf(argument, text));
  const vector = values.find((value) => value !== 'one') ?? 'one';
  if (name === 'histogram_quantile' && typeof vector !== 'string') {
    return labels([...vector].filter((label) => label !== 'le'));
  }
  return vector;
}

function combined(node: SyntaxNode, text: string): Series {
  const [left, right] = sides(node);
  if (left === undefined || right === undefined) {
    return 'any';
  }
  const [first, second] = [seriesOf(left, text), seriesOf(right, text)];
  const matching = node.getChild('MatchingModifierClause');
  if (node.getChild('And') !== null || node.getChild('Unless') !== null) {
    return first;
  }
  if (node.getChild('Or') !== null) {
    // `or on()` takes the right side only where the left is empty.
    const either = matching?.getChild('On') !== undefined && matching?.getChild('On') !== null;
    return first === 'one' && second === 'one'
      ? 'one'
      : first === 'one' && either
        ? second
        : first === 'one'
          ? second
          : first;
  }
  if (matching !== null && matching.getChild('On') !== null && groupingLabels(matching, text).length === 0) {
    return matching.getChild('GroupLeft') !== null ? first : matching.getChild('GroupRight') !== null ? second : 'one';
  }
  if (isNumber(left)) {
    return second;
  }
  // One to one: whatever matches has the labels of both; a side of one series without labels matches only such.
  return isNumber(right) || first !== 'one' ? (second === 'one' && !isNumber(right) ? 'one' : first) : 'one';
}

function ratio(division: SyntaxNode | null, text: string): readonly Ratio[] {
  const [upper, lower] = division === null ? [] : sides(division);
  if (upper === undefined || lower === undefined) {
    return [];
  }
  const below = all(lower, 'VectorSelector').map((selector) => matchers(selector, text));
  if (below.length === 0) {
    return [];
  }
  return all(upper, 'VectorSelector').flatMap((selector) => {
    const extra = matchers(selector, text).filter(
      (matcher) => !below.some((known) => known.some(({ text: same }) => same === matcher.text)),
    );
    // What the lower side asks for too is there whenever the division has a meaning.
    const less = extra.filter(({ name }) => !below.every((known) => known.some((other) => other.name === name)));
    return less.length === 0
      ? []
      : [
          {
            selector: textOf(selector, text).replaceAll(/\s+/g, ' ').replaceAll(standIn, '…'),
            good: less.every(asksForGood),
            guarded: all(upper, 'Or').length > 0,
          },
        ];
  });
}

/** Values that say success: of HTTP, of gRPC, of Linkerd. */
const success = /^["']?\(?(?:ok\b|0["']?$|success|2)/i;

function asksForGood({ name, operator, text }: Matcher): boolean {
  const value = text.slice(name.length).replace(/^\s*[=!~]+\s*/, '');
  return operator.startsWith('!') !== success.test(value);
}

function neverEmpty(node: SyntaxNode, text: string): boolean {
  if (node.name === 'ParenExpr') {
    return node.firstChild !== null && neverEmpty(node.firstChild, text);
  }
  const [, right] = node.name === 'BinaryExpr' ? sides(node) : [];
  return node.getChild('Or') !== null && right !== undefined && all(right, 'VectorSelector').length === 0;
}

/** Functions over counters: 0 where they stand still. */
const overCounters = ['rate', 'irate', 'increase', 'delta', 'idelta'];

/**
 * @param within whether a condition (`… and on() (count >= 100)`) takes away what is no number, and something stands in for it (`or …`): it takes
 * both, since without the second the answer is none, which fails as well
 */
function withoutRequests(
  node: SyntaxNode,
  text: string,
  within: { readonly and: boolean; readonly or: boolean },
): readonly Idle[] {
  const [left, right] = node.name === 'BinaryExpr' ? sides(node) : [];
  const inner = (child: SyntaxNode | undefined, and = within.and, or = within.or) =>
    child === undefined ? [] : withoutRequests(child, text, { and, or });
  if (node.getChild('And') !== null && left !== undefined) {
    // The right side of a condition is no part of the answer.
    return inner(left, true);
  }
  if (node.getChild('Or') !== null && left !== undefined) {
    return [...inner(left, within.and, true), ...inner(right)];
  }
  const guarded = within.and && within.or;
  const ratio = node.getChild('Div') !== null && right !== undefined && mayBeZero(right, text) && !guarded;
  const quantile = isCall(node, 'histogram_quantile', text) && !guarded;
  return [
    ...(ratio ? (['ratio'] as const) : []),
    ...(quantile ? (['quantile'] as const) : []),
    ...children(node).flatMap((child) => inner(child)),
  ];
}

function mayBeZero(lower: SyntaxNode, text: string): boolean {
  const calls = all(lower, 'FunctionCall');
  return (
    calls.some((call) => overCounters.some((name) => isCall(call, name, text))) &&
    !calls.some((call) => isCall(call, 'clamp_min', text)) &&
    all(lower, 'Or').length === 0
  );
}

function isCall(node: SyntaxNode, name: string, text: string): boolean {
  return node.name === 'FunctionCall' && textOf(node.firstChild, text) === name;
}

interface Matcher {
  readonly name: string;
  readonly operator: string;
  readonly text: string;
}

function matchers(selector: SyntaxNode, text: string): readonly Matcher[] {
  return ['UnquotedLabelMatcher', 'QuotedLabelMatcher'].flatMap((kind) =>
    all(selector, kind).map((node) => ({
      name: textOf(node.firstChild, text),
      operator: textOf(node.getChild('MatchOp'), text),
      text: textOf(node, text),
    })),
  );
}

function sides(binary: SyntaxNode): readonly SyntaxNode[] {
  const [left, right] = [binary.firstChild, binary.lastChild];
  return left === null || right === null ? [] : [left, right];
}

function isNumber(node: SyntaxNode): boolean {
  return all(node, 'VectorSelector').length === 0 && all(node, 'Vector').length === 0;
}

function groupingLabels(node: SyntaxNode, text: string): readonly string[] {
  const grouping = node.getChild('GroupingLabels');
  return grouping === null ? [] : grouping.getChildren('LabelName').map((label) => textOf(label, text));
}

function labels(names: readonly string[]): Series {
  return names.length === 0 ? 'one' : new Set(names);
}

function all(node: SyntaxNode, name: string): readonly SyntaxNode[] {
  return [...(node.name === name ? [node] : []), ...children(node).flatMap((child) => all(child, name))];
}

function children(node: SyntaxNode | null): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling) {
    found.push(child);
  }
  return found;
}

function textOf(node: SyntaxNode | null, text: string): string {
  return node === null ? '' : text.slice(node.from, node.to);
}
