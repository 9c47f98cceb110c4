import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutOf } from '../../../lab/layout';
import type { Server } from '../../../lab/run/component';
import { start, stop } from '../../../lab/run/supervisor';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'lab-'));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const server = (program: string, url: string): Server => ({
  kind: 'server',
  name: 'candidate',
  version: '1',
  needs: [],
  program: process.execPath,
  arguments: ['-e', program],
  ready: { kind: 'http', url },
  deadlineSeconds: 10,
  graceSeconds: 1,
});

test('somebody else’s answer is none of a server that has ended', async () => {
  const stranger = createServer((_, response) => response.end('ok'));
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as AddressInfo;
  const layout = layoutOf(state);
  try {
    // As one whose port is taken: it says so, and ends.
    const late = server('console.log("address in use")', `http://127.0.0.1:${port}/`);
    await start(layout, late).catch(() => undefined);
    await expect(start(layout, late)).rejects.toThrow(/candidate ended; the end of .*\n.*address in use/s);
  } finally {
    stranger.close();
  }
});

test('a server that runs and answers is ready, and is left alone the next time', async () => {
  const layout = layoutOf(state);
  const listens = server(
    'require("http").createServer((_, response) => response.end()).listen(Number(process.env.PORT), "127.0.0.1")',
    'http://127.0.0.1:47391/',
  );
  const own = { ...listens, environment: { PORT: '47391' } };
  try {
    expect(await start(layout, own)).toBe('started');
    expect(await start(layout, own)).toBe('running');
  } finally {
    await stop(layout, own.name, 1);
  }
});
