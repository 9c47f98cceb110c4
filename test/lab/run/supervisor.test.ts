import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutOf } from '../../../lab/layout';
import type { Server } from '../../../lab/run/component';
import { startServer, stopServer } from '../../../lab/run/supervisor';

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

test('a response of another process does not make an ended server ready', async () => {
  const otherProcess = createServer((_, response) => response.end('ok'));
  await new Promise<void>((resolve) => otherProcess.listen(0, '127.0.0.1', resolve));
  const { port } = otherProcess.address() as AddressInfo;
  const layout = layoutOf(state);
  try {
    // Behaves like a server whose port is in use: it logs the conflict and ends.
    const conflicting = server('console.log("address in use")', `http://127.0.0.1:${port}/`);
    await startServer(layout, conflicting).catch(() => undefined);
    await expect(startServer(layout, conflicting)).rejects.toThrow(/candidate ended; the end of .*\n.*address in use/s);
  } finally {
    otherProcess.close();
  }
});

test('a running server that responds is ready, and is not restarted', async () => {
  const layout = layoutOf(state);
  // Below the ports that the system gives to connections, and another one in each run of the suite.
  const port = 20_000 + (process.pid % 10_000);
  const listens = server(
    'require("http").createServer((_, response) => response.end()).listen(Number(process.env.PORT), "127.0.0.1")',
    `http://127.0.0.1:${port}/`,
  );
  const own = { ...listens, environment: { PORT: String(port) } };
  try {
    expect(await startServer(layout, own)).toBe('started');
    expect(await startServer(layout, own)).toBe('running');
  } finally {
    await stopServer(layout, own.name, 1);
  }
});
