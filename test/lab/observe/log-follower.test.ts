import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFollower, parseFlaggerLine } from '../../../lab/observe/log-follower';

test('reports each appended line once and complete, and no earlier line', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bowline-log-'));
  const path = join(directory, 'a.log');
  const lines: string[] = [];
  try {
    writeFileSync(path, 'before\n');
    const follower = new LogFollower(path, (line) => lines.push(line));
    appendFileSync(path, 'one\ntw');
    appendFileSync(path, 'o\nhalf');
    follower.stop();
    expect(lines).toEqual(['one', 'two']);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test.each([
  [
    'of this canary',
    '{"ts":"2026-11-24T14:17:47.241Z","msg":"Starting","canary":"hello.hello"}',
    { at: Date.parse('2026-11-24T14:17:47.241Z'), text: 'Starting' },
  ],
  ['of another canary', '{"ts":"2026-11-24T14:17:47.241Z","msg":"Starting","canary":"shop.shop"}', undefined],
  ['not JSON', 'E1124 14:17:47.1 leader election lost', undefined],
])('parses a line of Flagger’s log: %s', (_, line, expected) => {
  expect(parseFlaggerLine(line, 'hello.hello')).toEqual(expected);
});
