import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAnswering, startServer } from '../../../lib/local/services/server';

const directory = mkdtempSync(join(tmpdir(), 'bowline-server-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('a server whose port belongs to another process is not ready, although that process answers', async () => {
  const other = createServer((_, response) => response.end('ok'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  expect(await isAnswering(url)).toBe(true);
  await expect(
    startServer({
      name: 'the server',
      program: process.execPath,
      arguments: ['-e', 'setInterval(() => {}, 1000)'],
      log: join(directory, 'log'),
      pidFile: join(directory, 'pid.json'),
      port,
      isReady: () => isAnswering(url),
      deadlineSeconds: 0.2,
    }),
  ).rejects.toThrow('the server did not respond within 0.2 s');
  other.close();
});
