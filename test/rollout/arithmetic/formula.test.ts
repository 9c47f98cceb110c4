import * as fc from 'fast-check';
import { assess } from '../../../lib/rollout';
import {
  constant,
  difference,
  evaluated,
  product,
  quantity,
  renderEquation,
  renderExpression,
  sum,
  type Term,
} from '../../../lib/rollout/arithmetic/formula';
import { roundToTenth } from '../../../lib/rollout/rounding';
import { demands, plans } from '../arbitrary';

const V = quantity('V', 9);
const T = quantity('T', 3);
const I = quantity('I', 10);
const w = quantity('w', 1);

describe('a term', () => {
  test('prints names, numbers and result', () => {
    expect(renderEquation(sum(V, product(T, I), w))).toBe('V + T·I + w = 9 + 3·10 + 1 = 40 s');
    expect(renderEquation(evaluated(sum(V, w)))).toBe('V + w = 10 s');
  });

  test('puts sums inside a product, and after a minus sign, in parentheses', () => {
    expect(renderEquation(product(sum(T, constant(1)), I))).toBe('(T + 1)·I = (3 + 1)·10 = 40 s');
    expect(renderEquation(difference(I, sum(V, w)))).toBe('I - (V + w) = 10 - (9 + 1) = 0 s');
  });

  test('that is evaluated prints its result instead of its numbers', () => {
    expect(renderEquation(product(evaluated(sum(T, constant(1))), I))).toBe('(T + 1)·I = 4·10 = 40 s');
    expect(renderEquation(sum(evaluated(difference(quantity('W', 20), quantity('s', 5))), w))).toBe(
      'W - s + w = 15 + 1 = 16 s',
    );
  });

  test('defines its symbols', () => {
    expect(
      renderEquation(
        product(quantity('k', 2, { text: 'the number of the first check later than', term: sum(V, w) }), I),
      ),
    ).toBe('k·I = 2·10 = 20 s, k = 2, the number of the first check later than V + w = 9 + 1 = 10 s');
  });

  test('rounds halves up, however binary fractions store them', () => {
    expect(renderEquation(sum(quantity('V', 5.05), quantity('evaluation', 5), w))).toBe(
      'V + evaluation + w = 5.1 + 5 + 1 = 11.1 s',
    );
  });

  test('that is infinite is never reached', () => {
    expect(renderEquation(evaluated(quantity('V', Number.POSITIVE_INFINITY)))).toBe('V = never');
  });
});

const { tree: terms } = fc.letrec<{ tree: Term; leaf: Term }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((parts) => sum(...parts)),
    fc.array(tie('tree'), { minLength: 1, maxLength: 2 }).map((factors) => product(...factors)),
    fc.tuple(tie('tree'), tie('tree')).map(([from, subtracted]) => difference(from, subtracted)),
    tie('tree').map(evaluated),
  ),
  leaf: fc
    .tuple(fc.constantFrom('V', 'T', 'I', 'w'), fc.integer({ min: 0, max: 40 }))
    .map(([symbol, value]) => quantity(symbol, value)),
}));

describe('evaluating the printed numbers gives the printed result', () => {
  test('of any term', () => {
    fc.assert(
      fc.property(terms, (term) => {
        const [symbols, numbers] = [renderExpression(term, 'symbols'), renderExpression(term, 'numbers')];
        expect(evaluatePrinted(numbers)).toBe(term.value);
        expect(renderEquation(sum(term, w))).toBe(`${symbols} + w = ${numbers} + 1 = ${term.value + 1} s`);
      }),
    );
  });

  test('of every formula of an assessment, and the result is the worst case', () => {
    let equations = 0;
    fc.assert(
      fc.property(plans, demands, (plan, demand) => {
        for (const { formula, rollback } of assess(plan, demand).faults) {
          const parts = formula.split(/, (?:k = \d+, the number of the first check later than )?/);
          for (const part of parts) {
            const [, numbers = '', result] = /^.* = ([\d.+\-·() ]+) = ([\d.]+) s$/.exec(part) ?? [];
            if (result !== undefined) {
              equations += 1;
              expect(roundToTenth(evaluatePrinted(numbers))).toBe(Number(result));
            }
          }
          if (Number.isFinite(rollback.worst)) {
            expect(parts[0]).toMatch(new RegExp(` = ${roundToTenth(rollback.worst)} s$`.replaceAll('.', '\\.')));
          }
        }
      }),
    );
    expect(equations).toBeGreaterThan(500);
  });
});

/** Evaluates an expression of numbers, `+`, `-`, `·` and parentheses. */
function evaluatePrinted(text: string): number {
  const tokens = text.match(/\d+(?:\.\d+)?|[+\-·()]/g) ?? [];
  let position = 0;
  const factor = (): number => {
    const token = tokens[position++];
    if (token === '-') {
      return -factor();
    }
    if (token !== '(') {
      return Number(token);
    }
    const inside = expression();
    position += 1;
    return inside;
  };
  const multiplication = (): number => {
    let value = factor();
    while (tokens[position] === '·') {
      position += 1;
      value *= factor();
    }
    return value;
  };
  const expression = (): number => {
    let value = multiplication();
    while (tokens[position] === '+' || tokens[position] === '-') {
      value += tokens[position++] === '+' ? multiplication() : -multiplication();
    }
    return value;
  };
  const value = expression();
  expect(position).toBe(tokens.length);
  return value;
}
