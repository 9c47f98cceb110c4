import { parseFeedTime } from '../../../lib/steps/clients/govulncheck';

test.each([
  ['2024-12-18 00:00:00 +0000 UTC', '2024-12-18T00:00:00Z'],
  ['2026-11-20 20:01:02.5 +0000 UTC', '2026-11-20T20:01:02.5Z'],
])('the time %s of govulncheck is %s in its reports', (text, time) => {
  expect(
    parseFeedTime(`Go: go1.26.8\nScanner: govulncheck@v1.9.0\nDB: https://vuln.go.dev\nDB updated: ${text}\n\n`),
  ).toBe(time);
});

test.each(['', 'DB updated: ', 'DB updated: yesterday', 'DB updated: 2024-12-18 00:00:00 +0100 CET'])(
  'an answer without a time in UTC (%j) has none',
  (text) => {
    expect(parseFeedTime(text)).toBeUndefined();
  },
);
