import { Duration } from 'cdk8s';
import { formatWholeSeconds } from '../../../charts/values/whole-seconds';

test.each([
  [Duration.seconds(1), '1s'],
  [Duration.millis(2000), '2s'],
  [Duration.minutes(2), '120s'],
])('formats a duration in seconds', (duration, text) => {
  expect(formatWholeSeconds('interval', duration)).toBe(text);
});

test.each([
  [Duration.seconds(0), 1, "'interval' must be whole seconds, at least 1s, got: 0s"],
  [Duration.millis(1500), 1, "'interval' must be whole seconds, at least 1s, got: 1.5s"],
  [Duration.seconds(9), 10, "'interval' must be whole seconds, at least 10s, got: 9s"],
])('rejects fractions and values below the minimum', (duration, minimum, message) => {
  expect(() => formatWholeSeconds('interval', duration, minimum)).toThrow(message);
});
