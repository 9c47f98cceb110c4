import { roundToTenth } from '../rounding';

/**
 * A number that knows how it is computed. Every term is built by the functions below, which compute the value and both texts together, so that
 * a printed formula cannot disagree with its result.
 *
 *     const T = quantity('T', 3);
 *     const worst = sum(quantity('V', 9), product(evaluated(sum(T, constant(1))), quantity('I', 10)), quantity('w', 1));
 *     worst.value            // 50
 *     renderEquation(worst)  // V + (T + 1)·I + w = 9 + 4·10 + 1 = 50 s
 */
export interface Term {
  readonly value: number;
  readonly symbols: Expression;
  readonly numbers: Expression;
  /** What symbols stand for, where their names do not say it: `k = the first check after …`. */
  readonly definitions: readonly string[];
}

interface Expression {
  readonly text: string;
  /** Sums and differences need parentheses inside a product, and after a minus sign. */
  readonly isSum: boolean;
}

/** A named number, such as `V`. */
export function quantity(symbol: string, value: number, definition?: string): Term {
  return {
    value,
    symbols: { text: symbol, isSum: false },
    numbers: numberExpression(value),
    definitions: definition === undefined ? [] : [`${symbol} = ${definition}`],
  };
}

/** A number that has no name. */
export function constant(value: number): Term {
  return { value, symbols: numberExpression(value), numbers: numberExpression(value), definitions: [] };
}

export function sum(...terms: readonly Term[]): Term {
  const join = (side: 'symbols' | 'numbers'): Expression => ({
    text: terms.map((term) => term[side].text).join(' + '),
    isSum: true,
  });
  return {
    value: terms.reduce((total, { value }) => total + value, 0),
    symbols: join('symbols'),
    numbers: join('numbers'),
    definitions: terms.flatMap(({ definitions }) => definitions),
  };
}

export function difference(from: Term, subtracted: Term): Term {
  const join = (side: 'symbols' | 'numbers'): Expression => ({
    text: `${from[side].text} - ${parenthesized(subtracted[side])}`,
    isSum: true,
  });
  return {
    value: from.value - subtracted.value,
    symbols: join('symbols'),
    numbers: join('numbers'),
    definitions: [...from.definitions, ...subtracted.definitions],
  };
}

export function product(...factors: readonly Term[]): Term {
  const join = (side: 'symbols' | 'numbers'): Expression => ({
    text: factors.map((factor) => parenthesized(factor[side])).join('·'),
    isSum: false,
  });
  return {
    value: factors.reduce((total, { value }) => total * value, 1),
    symbols: join('symbols'),
    numbers: join('numbers'),
    definitions: factors.flatMap(({ definitions }) => definitions),
  };
}

/** Shows the result instead of the numbers that it is computed from: `T + 1` as `4`, not as `3 + 1`. */
export function evaluated(term: Term): Term {
  return { ...term, numbers: numberExpression(term.value) };
}

/** The whole equation: `V + (T + 1)·I + w = 9 + 4·10 + 1 = 50 s`, followed by the definitions of its symbols. */
export function renderEquation(term: Term): string {
  return [`${term.symbols.text} = ${term.numbers.text} = ${renderSeconds(term.value)}`, ...term.definitions].join(', ');
}

/** The equation without its numbers: `V + w = 10 s`. */
export function renderResult({ symbols, value }: Term): string {
  return `${symbols.text} = ${renderSeconds(value)}`;
}

/** Seconds for display; `never` where they are infinite. */
export function renderSeconds(value: number): string {
  return Number.isFinite(value) ? `${roundToTenth(value)} s` : 'never';
}

function numberExpression(value: number): Expression {
  return { text: String(roundToTenth(value)), isSum: false };
}

function parenthesized({ text, isSum }: Expression): string {
  return isSum ? `(${text})` : text;
}
