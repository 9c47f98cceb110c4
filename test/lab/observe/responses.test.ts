import fc from 'fast-check';
import {
  exposureOf,
  groupBySecond,
  isFailed,
  parseResponse,
  percentile99,
  type UserResponse,
} from '../../../lab/observe/responses';

const at = 1_764_000_000_000;

test.each([
  ['a response of the service', `${at} 3.2 200 1.1.0`, { at, milliseconds: 3.2, status: 200, version: '1.1.0' }],
  ['an error of the gateway', `${at} 0.9 503 -`, { at, milliseconds: 0.9, status: 503 }],
  ['no response, with the error', `${at} 5000.1 0 context-deadline-exceeded`, { at, milliseconds: 5000.1, status: 0 }],
  ['an incomplete line', `${at} 3.2`, undefined],
  ['a line without its start', `${String(at).slice(4)} 3.2 200 1.1.0`, undefined],
])('parses a line of the load generator: %s', (_, line, expected) => {
  expect(parseResponse(line)).toEqual(expected);
});

test('an exposure lasts from the first bad response to the last, including those of the gateway', () => {
  const responses: UserResponse[] = [
    { at, milliseconds: 1, status: 200, version: 'a' },
    { at: at + 1000, milliseconds: 1, status: 500, version: 'b' },
    { at: at + 2000, milliseconds: 1, status: 200, version: 'b' },
    { at: at + 4500, milliseconds: 1, status: 503 },
    { at: at + 9000, milliseconds: 1, status: 200, version: 'a' },
  ];
  expect(exposureOf(responses, isFailed)).toEqual({
    responses: 5,
    bad: 2,
    lost: 1,
    firstBadAt: at + 1000,
    lastBadAt: at + 4500,
    seconds: 3.5,
  });
  expect(exposureOf(responses.slice(0, 1), isFailed)).toEqual({ responses: 1, bad: 0, lost: 0, seconds: 0 });
});

test('every response is in exactly one second, and failures are counted', () => {
  const response = fc.record({
    at: fc.integer({ min: at, max: at + 60_000 }),
    milliseconds: fc.double({ min: 0, max: 5000, noNaN: true }),
    status: fc.constantFrom(0, 200, 500, 503),
    version: fc.constantFrom('a', 'b'),
  });
  fc.assert(
    fc.property(fc.array(response, { maxLength: 200 }), (responses) => {
      const seconds = groupBySecond(responses);
      expect(seconds.reduce((sum, { count }) => sum + count, 0)).toBe(responses.length);
      expect(seconds.reduce((sum, { errors }) => sum + errors, 0)).toBe(responses.filter(isFailed).length);
      expect(new Set(seconds.map(({ second, version }) => `${second} ${version}`)).size).toBe(seconds.length);
    }),
  );
});

test('at least 99 of 100 values do not exceed the 99th percentile', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9999 }), { minLength: 1, maxLength: 300 }), (values) => {
      const value = percentile99(values);
      expect(values).toContain(value);
      expect(values.filter((each) => each <= value).length).toBeGreaterThanOrEqual(values.length * 0.99);
      expect(values.filter((each) => each < value).length).toBeLessThan(values.length * 0.99);
    }),
  );
});
