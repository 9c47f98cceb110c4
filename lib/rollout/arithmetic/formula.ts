import { roundToTenth } from '../rounding';

/**
 * A number together with the operations that compute it. The functions below build the value and the operations from the same operands, so a
 * printed formula cannot disagree with its result.
 *
 *     const T = quantity('T', 3);
 *     const worst = sum(quantity('V', 9), product(evaluated(sum(T, constant(1))), quantity('I', 10)), quantity('w', 1));
 *     worst.value            // 50
 *     renderEquation(worst)  // V + (T + 1)·I + w = 9 + 4·10 + 1 = 50 s
 */
export type Term =
  | { readonly kind: 'quantity'; readonly value: number; readonly symbol: string; readonly definition?: Definition }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: Operator; readonly value: number; readonly operands: readonly Term[] }
  | { readonly kind: 'evaluated'; readonly value: number; readonly term: Term };

/** The meaning of a symbol whose name does not explain it: `the number of the first check later than` and the term. */
interface Definition {
  readonly text: string;
  readonly term: Term;
}

type Operator = 'sum' | 'difference' | 'product';

/** A named number, such as `V`. */
export function quantity(symbol: string, value: number, definition?: Definition): Term {
  return { kind: 'quantity', value, symbol, definition };
}

/** A number without a name. */
export function constant(value: number): Term {
  return { kind: 'constant', value };
}

export function sum(...operands: readonly Term[]): Term {
  return { kind: 'sum', value: operands.reduce((total, { value }) => total + value, 0), operands };
}

export function difference(from: Term, subtracted: Term): Term {
  return { kind: 'difference', value: from.value - subtracted.value, operands: [from, subtracted] };
}

export function product(...operands: readonly Term[]): Term {
  return { kind: 'product', value: operands.reduce((total, { value }) => total * value, 1), operands };
}

/** Prints the result instead of the numbers that it is computed from: `T + 1` as `4`, not as `3 + 1`. */
export function evaluated(term: Term): Term {
  return { kind: 'evaluated', value: term.value, term };
}

/** The whole equation, followed by the definitions of its symbols: `V + (T + 1)·I + w = 9 + 4·10 + 1 = 50 s`. */
export function renderEquation(term: Term): string {
  const sides = [
    renderExpression(term, 'symbols'),
    ...(term.kind === 'evaluated' ? [] : [renderExpression(term, 'numbers')]),
  ];
  return [`${sides.join(' = ')} = ${renderSeconds(term.value)}`, ...renderDefinitions(term)].join(', ');
}

/** A term with its names, `(T + 1)·I`, or with its numbers, `4·10`. */
export function renderExpression(term: Term, side: 'symbols' | 'numbers'): string {
  switch (term.kind) {
    case 'quantity':
      return side === 'symbols' ? term.symbol : renderNumber(term.value);
    case 'constant':
      return renderNumber(term.value);
    case 'evaluated':
      return side === 'symbols' ? renderExpression(term.term, side) : renderNumber(term.value);
    case 'sum':
      return term.operands.map((operand) => renderExpression(operand, side)).join(' + ');
    case 'difference': {
      const [from, ...subtracted] = term.operands;
      return [
        from === undefined ? '' : renderExpression(from, side),
        ...subtracted.map((each) => renderOperand(each, side)),
      ].join(' - ');
    }
    case 'product':
      return term.operands.map((operand) => renderOperand(operand, side)).join('·');
  }
}

/** Seconds for display; `never` where they are infinite. */
export function renderSeconds(value: number): string {
  return Number.isFinite(value) ? `${renderNumber(value)} s` : 'never';
}

/** Sums and differences need parentheses inside a product, and after a minus sign. */
function renderOperand(term: Term, side: 'symbols' | 'numbers'): string {
  const text = renderExpression(term, side);
  return isPrintedAsSum(term, side) ? `(${text})` : text;
}

function isPrintedAsSum(term: Term, side: 'symbols' | 'numbers'): boolean {
  return term.kind === 'evaluated'
    ? side === 'symbols' && isPrintedAsSum(term.term, side)
    : term.kind === 'sum' || term.kind === 'difference';
}

function renderDefinitions(term: Term): readonly string[] {
  switch (term.kind) {
    case 'quantity':
      return term.definition === undefined
        ? []
        : [
            `${term.symbol} = ${renderNumber(term.value)}, ${term.definition.text} ${renderEquation(term.definition.term)}`,
          ];
    case 'constant':
      return [];
    case 'evaluated':
      return renderDefinitions(term.term);
    default:
      return term.operands.flatMap(renderDefinitions);
  }
}

function renderNumber(value: number): string {
  return String(roundToTenth(value));
}
