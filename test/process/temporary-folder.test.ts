import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
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
import { setTimeout as sleep } from 'node:timers/promises';
import { createTemporaryFolder, isRunning, withTemporaryFolder } from '../../lib/process';

const root = join(__dirname, '..', '..');
let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'bowline-test-'));
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

test('a temporary folder is empty, belongs to this user alone, and is removed after the work', async () => {
  let path = '';
  await withTemporaryFolder('example', async (folder) => {
    path = folder;
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, 'secret'), '');
  });
  expect(path).toMatch(/\/bowline-example-/);
  expect(existsSync(path)).toBe(false);
});

test('a temporary folder is removed when the work fails', async () => {
  let path = '';
  const work = withTemporaryFolder('example', async (folder) => {
    path = folder;
    throw new Error('failed');
  });
  await expect(work).rejects.toThrow('failed');
  expect(existsSync(path)).toBe(false);
});

test('work keeps its result when a process that it left behind still writes to the folder', async () => {
  const script = `
    const { mkdirSync, writeFileSync } = require('node:fs');
    for (let n = 0; ; n++) try { mkdirSync(process.argv[1], { recursive: true }); writeFileSync(process.argv[1] + '/' + (n % 2000), ''); } catch {}`;
  let path = '';
  let writer: ReturnType<typeof spawn> | undefined;
  try {
    const result = await withTemporaryFolder('example', async (folder) => {
      path = folder;
      writer = spawn(process.execPath, ['-e', script, join(folder, 'a', 'b')], { stdio: 'ignore' });
      while (!existsSync(join(folder, 'a', 'b', '1999'))) {
        await sleep(5);
      }
      return 'done';
    });
    expect(result).toBe('done');
  } finally {
    writer?.kill('SIGKILL');
    await once(writer as NonNullable<typeof writer>, 'close');
    rmSync(path, { recursive: true, force: true });
  }
});

test('a folder can be removed twice', () => {
  const folder = createTemporaryFolder('example');
  folder.remove();
  expect(() => folder.remove()).not.toThrow();
});

/** A program for BOWLINE_TOOLS that writes its process ID, starts a process of its own and runs until it is stopped. */
function installSlowTool(name: string): string {
  const tools = join(temporary, 'tools');
  mkdirSync(tools);
  const started = join(temporary, 'started');
  writeFileSync(
    join(tools, name),
    `#!/bin/sh\nsleep 600 &\necho "$$ $!" > ${started}.part\nmv ${started}.part ${started}\nwait\n`,
  );
  chmodSync(join(tools, name), 0o755);
  return started;
}

async function waitFor(file: string): Promise<string> {
  while (!existsSync(file)) {
    await sleep(20);
  }
  return readFileSync(file, 'utf8');
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  'a command that receives %s ends its tools, removes its folders and exits with %i',
  async (signal, code) => {
    const started = installSlowTool('source-reader');
    const folder = join(temporary, 'tmp');
    const source = join(temporary, 'source');
    mkdirSync(folder);
    mkdirSync(source);
    const words = ['explain', 'service', 'hello', '--source', source];
    const child = spawn(process.execPath, [join(root, 'bin', 'bowline.mjs'), ...words], {
      cwd: root,
      env: { ...process.env, TMPDIR: folder, BOWLINE_TOOLS: join(temporary, 'tools') },
      stdio: 'ignore',
    });
    const exited = once(child, 'exit');
    const pids = (await waitFor(started)).trim().split(' ').map(Number);
    const ours = () => readdirSync(folder).filter((name) => name.startsWith('bowline-'));
    expect(ours()).toHaveLength(1);
    child.kill(signal);
    expect((await exited)[0]).toBe(code);
    expect(ours()).toEqual([]);
    expect(pids.filter(isRunning)).toEqual([]);
  },
);

/** Files that create temporary folders in another way, and why. */
const exceptions: Readonly<Record<string, string>> = {
  'lib/process/temporary-folder.ts': 'what the others use',
  'lib/pipeline/assets/content-folder.ts': 'a folder beside the one that it becomes',
  'lib/scaffold/prepare-folder.ts': 'a folder beside the one that it becomes',
  'lib/ledger/git/clone.ts': 'a clone beside the one that it replaces',
  'lib/local/base-images/ensure-base-images.ts': 'below the state folder',
  'lib/tools/lock.ts': 'a folder beside the one that it becomes',
};

test('every temporary folder is one that an interrupted process removes', () => {
  const creating = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter(
      (file) => file.endsWith('.ts') && /\bmkdtemp(?:Sync)?\(/.test(readFileSync(join(root, 'lib', file), 'utf8')),
    )
    .map((file) => `lib/${file}`);
  expect(creating.sort()).toEqual(Object.keys(exceptions).sort());
});

test('every test file removes the temporary folders that it creates', () => {
  const leaving = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => {
      const text = readFileSync(join(root, 'test', file), 'utf8');
      // Jest gives tests an object of their own as `process`: its handlers of "exit" are never called.
      return /\bmkdtemp(?:Sync)?\(/.test(text) && (!/\brm(?:Sync)?\(/.test(text) || /process\.on\('exit'/.test(text));
    });
  expect(leaving).toEqual([]);
});
