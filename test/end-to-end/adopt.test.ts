import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lib/process';
import { root, stateOf } from './bench';

jest.setTimeout(900_000);

const scratch = mkdtempSync(join(tmpdir(), 'bowline-adopt-'));
const catalog = join(scratch, 'catalog');
const checkout = join(scratch, 'hello');

beforeAll(() => {
  mkdirSync(join(catalog, 'services'), { recursive: true });
  cpSync(join(root, 'catalog', 'platform.yaml'), join(catalog, 'platform.yaml'));
  cpSync(join(root, 'examples', 'hello'), checkout, { recursive: true });
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('the example service is described by its source and confirmed by its running image, and nothing is left to edit', async () => {
  const words = ['new', 'service', '--from', checkout, '--repository', 'acme/hello', '--catalog', catalog, '--json'];
  const { exitCode, stdout, stderr } = await run({
    program: process.execPath,
    arguments: [join(root, 'bin', 'bowline.mjs'), ...words],
    environment: { BOWLINE_STATE: stateOf('adopt') },
    timeoutSeconds: 800,
  });
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ service: 'hello', open: [], notes: [] });
  const lines = readFileSync(join(catalog, 'services', 'hello.yaml'), 'utf8').split('\n');
  const commentOf = (key: string) => lines[lines.findIndex((line) => line.startsWith(`${key}:`)) - 1];
  expect(commentOf('port')).toContain('found by starting the image');
  expect(commentOf('probes')).toContain('found by starting the image');
  expect(lines).toContain('probes: { ready: /readyz, live: /livez }');
  expect(lines).toContain('metrics: client_golang');
});
