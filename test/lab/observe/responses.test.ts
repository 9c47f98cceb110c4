import fc from 'fast-check';
import { type Answer, bySecond, exposureOf, failed, parseAnswer, percentile99 } from '../../../lab/observe/responses';

const at = 1_764_000_000_000;

test.each([
  ['an answer of the service', `${at} 3.2 200 1.1.0`, { at, took: 3.2, status: 200, version: '1.1.0' }],
  ['an error of the gateway', `${at} 0.9 503 -`, { at, took: 0.9, status: 503 }],
  ['no answer, with the reason', `${at} 5000.1 0 context-deadline-exceeded`, { at, took: 5000.1, status: 0 }],
  ['half a line', `${at} 3.2`, undefined],
  ['a line cut in front', `${String(at).slice(4)} 3.2 200 1.1.0`, undefined],
])('the load generator’s line: %s', (_, line, expected) => {
  expect(parseAnswer(line)).toEqual(expected);
});

test('an exposure lasts from the first bad answer to the last, whoever gave it', () => {
  const answers: Answer[] = [
    { at, took: 1, status: 200, version: 'a' },
    { at: at + 1000, took: 1, status: 500, version: 'b' },
    { at: at + 2000, took: 1, status: 200, version: 'b' },
    { at: at + 4500, took: 1, status: 503 },
    { at: at + 9000, took: 1, status: 200, version: 'a' },
  ];
  expect(exposureOf(answers, failed)).toEqual({
    answers: 5,
    bad: 2,
    lost: 1,
    firstBadAt: at + 1000,
    lastBadAt: at + 4500,
    seconds: 3.5,
  });
  expect(exposureOf(answers.slice(0, 1), failed)).toEqual({ answers: 1, bad: 0, lost: 0, seconds: 0 });
});

test('seconds hold every answer once, and count what failed', () => {
  const answer = fc.record({
    at: fc.integer({ min: at, max: at + 60_000 }),
    took: fc.double({ min: 0, max: 5000, noNaN: true }),
    status: fc.constantFrom(0, 200, 500, 503),
    version: fc.constantFrom('a', 'b'),
  });
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 200 }), (answers) => {
      const seconds = bySecond(answers);
      expect(seconds.reduce((sum, { count }) => sum + count, 0)).toBe(answers.length);
      expect(seconds.reduce((sum, { errors }) => sum + errors, 0)).toBe(answers.filter(failed).length);
      expect(new Set(seconds.map(({ second, version }) => `${second} ${version}`)).size).toBe(seconds.length);
    }),
  );
});

test('the 99th percentile is a value that at least 99 of 100 do not exceed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9999 }), { minLength: 1, maxLength: 300 }), (values) => {
      const value = percentile99(values);
      expect(values).toContain(value);
      expect(values.filter((each) => each <= value).length).toBeGreaterThanOrEqual(values.length * 0.99);
      expect(values.filter((each) => each < value).length).toBeLessThan(values.length * 0.99);
    }),
  );
});
