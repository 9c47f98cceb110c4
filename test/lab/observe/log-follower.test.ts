import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flaggerWords, LogFollower } from '../../../lab/observe/log-follower';

test('what is added to a log is told once, in whole lines, and nothing from before', () => {
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
  ['of another', '{"ts":"2026-11-24T14:17:47.241Z","msg":"Starting","canary":"shop.shop"}', undefined],
  ['no JSON', 'E1124 14:17:47.1 leader election lost', undefined],
])('a line of Flagger’s log: %s', (_, line, expected) => {
  expect(flaggerWords(line, 'hello.hello')).toEqual(expected);
});
