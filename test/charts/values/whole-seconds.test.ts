import { Duration } from 'cdk8s';
import { wholeSeconds } from '../../../charts/values/whole-seconds';

test.each([
  [Duration.seconds(1), '1s'],
  [Duration.millis(2000), '2s'],
  [Duration.minutes(2), '120s'],
])('writes whole seconds', (duration, text) => {
  expect(wholeSeconds('interval', duration)).toBe(text);
});

test.each([
  [Duration.seconds(0), 1, "'interval' (0s) must be whole seconds, 1s at least"],
  [Duration.millis(1500), 1, "'interval' (1.5s) must be whole seconds, 1s at least"],
  [Duration.seconds(9), 10, "'interval' (9s) must be whole seconds, 10s at least"],
])('refuses what is none, or too little', (duration, least, message) => {
  expect(() => wholeSeconds('interval', duration, least)).toThrow(message);
});
