import { spawn } from 'node:child_process';
import { findProcessesByEnvironment, residentBytes } from '../../../lab/machine/processes';
import { identityOf, isRunning, parseStat } from '../../../lib/tools/process-identity';

test.each([
  ['a plain name', '42 (etcd) S 1 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 9001 0 0', { pid: 42, startTicks: 9001 }],
  ['blanks and parentheses', '7 (a) b) (c) R 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 33 0 0', { pid: 7, startTicks: 33 }],
  ['a zombie', '7 (gone) Z 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 33 0 0', undefined],
])('parses the start time of a process: %s', (_, stat, expected) => {
  expect(parseStat(stat)).toEqual(expected);
});

test('a process with the same ID and another start time is a different process', () => {
  const self = identityOf(process.pid);
  expect(self).toBeDefined();
  expect(isRunning(self as never)).toBe(true);
  expect(isRunning({ pid: process.pid, startTicks: (self?.startTicks ?? 0) + 1 })).toBe(false);
});

test('reads the memory of a running process; 0 for a process that does not exist', () => {
  expect(residentBytes(process.pid)).toBeGreaterThan(1_000_000);
  expect(residentBytes(2 ** 22 + 1)).toBe(0);
});

test('finds a process by the exact value of a variable', async () => {
  const child = spawn('sleep', ['20'], { env: { MARK: '/some/folder' } });
  try {
    await new Promise((resolve) => child.once('spawn', resolve));
    for (
      const until = Date.now() + 5000;
      findProcessesByEnvironment('MARK', '/some/folder').length === 0 && Date.now() < until;
    ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(findProcessesByEnvironment('MARK', '/some/folder')).toEqual([child.pid]);
    expect(findProcessesByEnvironment('MARK', '/some')).toEqual([]);
  } finally {
    child.kill('SIGKILL');
  }
});
