import type { Expression } from './syntax-tree';

/** The series of a query's result: at most one, one for each value of some labels, or any number of series with unknown labels. */
export type ResultSeries = 'one' | 'any' | ReadonlySet<string>;

/** Derives the series of a query's result from its aggregations and its vector matching. */
export function resultSeries(expression: Expression): ResultSeries {
  switch (expression.kind) {
    case 'NumberDurationLiteral':
    case 'StringLiteral':
      return 'one';
    case 'VectorSelector':
    case 'MatrixSelector':
      return 'any';
    case 'AggregateExpr':
      return seriesOfAggregation(expression);
    case 'FunctionCall':
      return seriesOfCall(expression);
    case 'BinaryExpr':
      return seriesOfBinary(expression);
    default: {
      // Parentheses, signs, offsets and subqueries do not change labels.
      const [inner] = expression.children;
      return inner === undefined ? 'any' : resultSeries(inner);
    }
  }
}

/** Aggregations that select series and keep their labels. */
const selecting = ['topk', 'bottomk', 'limitk', 'limit_ratio'];

function seriesOfAggregation(aggregation: Expression): ResultSeries {
  const modifier = aggregation.child('AggregateModifier');
  if (aggregation.functionName === 'count_values') {
    return 'any';
  }
  if (selecting.includes(aggregation.functionName)) {
    const selectsOne = /^\(\s*1\s*,/.test(aggregation.child('FunctionCallBody')?.text ?? '');
    return selectsOne && modifier === undefined ? 'one' : 'any';
  }
  if (modifier === undefined) {
    return 'one';
  }
  return modifier.hasChild('By') ? seriesByLabels(modifier.groupingLabels) : 'any';
}

/** Functions whose result is a number or a single series without labels. */
const singleSeriesFunctions = ['vector', 'scalar', 'time', 'pi', 'absent', 'absent_over_time'];

function seriesOfCall(call: Expression): ResultSeries {
  if (singleSeriesFunctions.includes(call.functionName)) {
    return 'one';
  }
  const series = (call.child('FunctionCallBody')?.children ?? []).map(resultSeries);
  const vector = series.find((value) => value !== 'one') ?? 'one';
  // A quantile merges the buckets, which the label `le` distinguishes.
  return call.functionName === 'histogram_quantile' && typeof vector !== 'string'
    ? seriesByLabels([...vector].filter((label) => label !== 'le'))
    : vector;
}

function seriesOfBinary(operation: Expression): ResultSeries {
  const { operands } = operation;
  if (operands === undefined) {
    return 'any';
  }
  const [left, right] = [resultSeries(operands.left), resultSeries(operands.right)];
  if (operation.hasChild('And') || operation.hasChild('Unless')) {
    return left;
  }
  if (operation.hasChild('Or')) {
    // Either side may be the result, so the side with more series counts.
    return left === 'one' ? right : left;
  }
  const matching = operation.child('MatchingModifierClause');
  if (matching?.hasChild('On') && matching.groupingLabels.length === 0) {
    return matching.hasChild('GroupLeft') ? left : matching.hasChild('GroupRight') ? right : 'one';
  }
  if (operands.left.isScalar) {
    return right;
  }
  if (operands.right.isScalar) {
    return left;
  }
  // Series are matched one to one by their labels, and a single series without labels matches only one.
  return left === 'one' || right === 'one' ? 'one' : left;
}

function seriesByLabels(labels: readonly string[]): ResultSeries {
  return labels.length === 0 ? 'one' : new Set(labels);
}
