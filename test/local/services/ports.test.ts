import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { candidatePorts, choosePorts, freePort, rememberPorts } from '../../../lib/local/services/choose-ports';
import { findPortHolder } from '../../../lib/local/services/port-holder';
import { listensOn, parseListeners } from '../../../lib/process/listeners';

const folders: string[] = [];
const servers: Server[] = [];

function newState(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bowline-ports-'));
  folders.push(folder);
  return folder;
}

/** Listens on a port, as another program would, until it is closed. */
async function occupy(port: number, address = '127.0.0.1'): Promise<Server> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
  return server;
}

const close = (server: Server) => new Promise((resolve) => server.close(resolve));

afterEach(async () => {
  await Promise.all(servers.splice(0).map(close));
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('the first run of a state folder', () => {
  test('uses the port of its path, also after the folder is removed', async () => {
    const state = newState();
    const first = await choosePorts(state);
    expect(candidatePorts(state)).toContain(first.registry);
    rmSync(state, { recursive: true });
    expect(await choosePorts(state)).toEqual(first);
  });

  test('uses the next port when the first is in use, and keeps it', async () => {
    const state = newState();
    const { registry: first } = await choosePorts(state);
    const other = await occupy(first);
    const ports = await choosePorts(state);
    expect(ports.registry).not.toBe(first);
    expect(candidatePorts(state)).toContain(ports.registry);
    rememberPorts(state, ports);
    await close(other);
    expect(await choosePorts(state)).toEqual(ports);
  });

  test('remembers no port before the registry has started', async () => {
    const state = newState();
    await choosePorts(state);
    expect(() => readFileSync(join(state, 'ports.json'))).toThrow('ENOENT');
  });
});

test('different state folders have different ports, also when they are in use at the same time', async () => {
  const states = Array.from({ length: 10 }, newState);
  const ports: number[] = [];
  for (const state of states) {
    const chosen = await choosePorts(state);
    await occupy(chosen.registry);
    rememberPorts(state, chosen);
    ports.push(chosen.registry);
  }
  expect(new Set(ports).size).toBe(states.length);
  await Promise.all(servers.splice(0).map(close));
  // Each folder keeps its port, whichever other folders are in use.
  for (const [index, state] of states.entries()) {
    expect((await choosePorts(state)).registry).toBe(ports[index]);
    await occupy(ports[index] as number);
  }
});

describe('a remembered port that another program uses', () => {
  test.each(['127.0.0.1', '0.0.0.0', '::'])('makes the run wait, and does not change (%s)', async (address) => {
    const state = newState();
    const registry = await freePort(0);
    rememberPorts(state, { registry, aws: await freePort(0) });
    const other = await occupy(registry, address);
    const lines: string[] = [];
    const chosen = choosePorts(state, { progress: (line) => lines.push(line), waitSeconds: 20 });
    setTimeout(() => void close(other), 600);
    expect((await chosen).registry).toBe(registry);
    expect(lines).toEqual([expect.stringContaining(`port ${registry}, which is part of the image names of ${state}`)]);
    expect(lines[0]).toContain(`is in use by process ${process.pid} (`);
    expect(lines[0]).toContain('waiting up to 20 s');
  });

  test('is not replaced: the error names the port, the process and what to do', async () => {
    const state = newState();
    const script =
      "require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })";
    const other = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const registry = await new Promise<number>((resolve) =>
        other.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString('utf8')))),
      );
      rememberPorts(state, { registry, aws: await freePort(0) });
      const before = readFileSync(join(state, 'ports.json'), 'utf8');
      const error: unknown = await choosePorts(state, { waitSeconds: 0.5 }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'BowlineError', code: 'port-in-use', exitCode: 1 });
      const { message } = error as Error;
      expect(message).toContain(`port ${registry}`);
      expect(message).toContain(`process ${other.pid} (${process.execPath} -e require('net')`);
      expect(message).toContain('or end it, and run again');
      expect(message).toContain('BOWLINE_STATE');
      expect(readFileSync(join(state, 'ports.json'), 'utf8')).toBe(before);
    } finally {
      other.kill();
    }
  });

  test('is replaced when it is the port of the local AWS, which is not part of a name', async () => {
    const state = newState();
    const remembered = { registry: await freePort(0), aws: await freePort(0) };
    rememberPorts(state, remembered);
    await occupy(remembered.aws);
    const ports = await choosePorts(state);
    expect(ports.registry).toBe(remembered.registry);
    expect(ports.aws).not.toBe(remembered.aws);
  });
});

test.each(['', '{"registry":', '{"registry":0,"aws":1}', '{"aws":5511}'])(
  'an invalid ports.json (%j) is an error',
  async (text) => {
    const state = newState();
    writeFileSync(join(state, 'ports.json'), text);
    await expect(choosePorts(state)).rejects.toThrow(
      `ports.json: expected {"registry": <port>, "aws": <port>}, found ${JSON.stringify(text)}`,
    );
  },
);

test('a free port has no holder, and a connection to a port does not hold it', async () => {
  expect(findPortHolder(await freePort(0))).toBeUndefined();
  const connected = '  0: 0100007F:1586 0100007F:0050 01 00000000:00000000 00:00000000 00000000 0 0 77 1';
  const listens = '  1: 0100007F:1586 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 78 1';
  const elsewhere = '  2: 0101A8C0:1586 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 79 1';
  const listeners = parseListeners(['sl', connected, listens, elsewhere].join('\n'), 'tcp');
  expect(listeners.filter((each) => listensOn(each, '127.0.0.1', 5510)).map(({ inode }) => inode)).toEqual([78]);
});
