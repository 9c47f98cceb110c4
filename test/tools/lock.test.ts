import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireLock, withLock } from '../../lib/tools';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowline-lock-'));
  lock = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The pid of a process that has ended. */
const deadPid = () => spawnSync('true').pid;

describe('a lock between processes', () => {
  test('exists during the work and not after it, also when the work fails', async () => {
    expect(await withLock(lock, async () => existsSync(lock))).toBe(true);
    await expect(withLock(lock, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('stays until it is released', async () => {
    const release = await acquireLock(lock);
    expect(existsSync(lock)).toBe(true);
    release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of a process that has ended is taken over at once', async () => {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(deadPid()));
    const waited = jest.fn();
    expect(await withLock(lock, async () => 'done', waited)).toBe('done');
    expect(waited).not.toHaveBeenCalled();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of a running process makes the next one wait, and reports the holder', async () => {
    const holder = spawn('sleep', ['60']);
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(holder.pid));
    const waited: number[] = [];
    const done = withLock(
      lock,
      async () => 'done',
      (pid) => {
        waited.push(pid);
        holder.kill();
      },
    );
    expect(await done).toBe('done');
    expect(waited).toEqual([holder.pid]);
  });

  test('of a process that has ended is taken over also when another process has its pid', async () => {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(process.pid));
    writeFileSync(join(lock, 'start'), '1');
    const waited = jest.fn();
    expect(await withLock(lock, async () => readdirSync(lock).sort(), waited)).toEqual(['pid', 'start']);
    expect(waited).not.toHaveBeenCalled();
  });

  test('admits one process at a time, also when all of them find it stale', async () => {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(deadPid()));
    const log = join(folder, 'log');
    const work = (name: number) =>
      withLock(lock, async () => {
        appendFileSync(log, `${name} in\n`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        appendFileSync(log, `${name} out\n`);
      });
    await Promise.all(Array.from({ length: 8 }, (_, index) => work(index)));
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(16);
    for (let index = 0; index < 16; index += 2) {
      expect(lines[index + 1]).toBe(lines[index]?.replace('in', 'out'));
    }
  });

  test('never exists without its holder in it', async () => {
    const watched = spawn(process.execPath, ['-e', watchScript, lock], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [found] = await Promise.all([
      new Promise<string>((resolve) => {
        let output = '';
        watched.stdout.on('data', (chunk: Buffer) => {
          output += chunk.toString('utf8');
        });
        watched.on('close', () => resolve(output));
      }),
      (async () => {
        while (watched.exitCode === null) {
          await withLock(lock, async () => undefined);
          await new Promise((resolve) => setImmediate(resolve));
        }
      })(),
    ]);
    expect(found).toMatch(/^[1-9]\d* with a holder, 0 without\n$/);
  });
});

/** Looks at a lock until it was there a hundred times, and counts how often it lacked the pid of its holder. */
const watchScript = `
  const { readFileSync, readdirSync } = require('node:fs');
  let held = 0;
  let empty = 0;
  for (const end = Date.now() + 60_000; held + empty < 100 && Date.now() < end; ) {
    try {
      readdirSync(process.argv[1]).includes('pid') ? held++ : empty++;
    } catch {}
  }
  console.log(held + ' with a holder, ' + empty + ' without');
`;
